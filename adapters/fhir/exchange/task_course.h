// SPDX-License-Identifier: Apache-2.0
// By which steps a peer's Task gets to a state, so that each of them is legal for that peer. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/exchange/referral_dialect.h"
#include "model/values.h"
#include "port/ports.h"

namespace meridian::fhir {

/// Where a Task is now, and the way it went to get there.
struct TaskCourse {
  /// Which Task of the referral it is, from 1: where one is over and the referral goes on, the next
  /// begins. 0: there is none yet.
  int task = 0;
  std::vector<TaskForm> steps;  ///< those before the last one, oldest first
  TaskForm form;                ///< the last one
  bool stays = false;           ///< the dialect has no word for the state: the Task is as it was
};

/// The way to `state` of a peer that was told `told` before, oldest first. Steps that the dialect
/// asks for and nobody told are put between. `state` is one that the dialect shows.
TaskCourse course_to(const ReferralDialect& dialect, const std::vector<std::string>& told,
                     std::string_view state);

/// The next part of the way, from where `from` ends.
TaskCourse course_on(const ReferralDialect& dialect, const TaskCourse& from,
                     std::string_view state);

/// The way that a status letter tells; as the letter has it where the dialect shows no states.
TaskCourse course_of(const ReferralDialect& dialect, const Letter& letter);

/// Task.businessStatus: the dialect's code, then our word for it, which is one of
/// routing::State, or sent or redirected; empty: of a step between.
Concept business_status(const ReferralDialect& dialect, const TaskForm& form,
                        const std::string& word);

/// Task.statusReason: the words, and some where the dialect asks for words and there are none.
Concept status_reason(const ReferralDialect& dialect, const TaskForm& form,
                      const std::string& words);

}  // namespace meridian::fhir
