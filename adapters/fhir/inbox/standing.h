// SPDX-License-Identifier: Apache-2.0
// Where a referral stands for a clinic, out of its Task and what may follow. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "port/inbox.h"

namespace meridian::fhir {

/// A Task's status, and the word of businessStatus that refines it ("need_info"; empty: none).
struct TaskState {
  std::string status;
  std::string word;

  friend bool operator==(const TaskState&, const TaskState&) = default;
};

/// Of a Task. An unreadable one has no status.
TaskState state_of(std::string_view task);

/// The word that people are shown: that of businessStatus, else the status.
std::string shown_word(const TaskState& state);

/// `next`: Shelf::next.
InboxGroup group_of(const TaskState& state, const std::vector<std::string>& next);

/// What may be said now, in the order in which it is offered.
std::vector<InboxAct> acts_of(const TaskState& state, const std::vector<std::string>& next);

/// The status that an act sets; empty when it may not be said now.
std::string status_for(InboxAct act, const TaskState& state, const std::vector<std::string>& next);

}  // namespace meridian::fhir
