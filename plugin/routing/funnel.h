// SPDX-License-Identifier: Apache-2.0
// How far referrals came on their way into the surgeon's record, how long each step took, and where
// the others stand. Two in three never end in a documented visit: this is where a site sees its
// own. Source of the steps: reference referral-standards section 5. No record that we write to says
// that somebody read there, so "read" is known only where the surgeon's view is opened from the
// EHR.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "routing/standing.h"

namespace meridian::routing {

/// In the order of the way.
enum class Step {
  ordered,
  sent,       ///< released to a receiver
  delivered,  ///< a receiver's system has it
  opened,     ///< a person there looked at it; many systems do not tell
  accepted,
  scheduled,
  visited,
  reported,
  in_record,  ///< the report is in the surgeon's record
  read,       ///< a person of the surgeon's side had it on a page of ours
};
constexpr std::size_t step_count = 10;
const char* step_name(Step step);

struct DatedEvent {
  EventKind kind;
  Instant at;
  std::vector<std::string> reasons{};  ///< of what holds or ends it: rule ids or codes
};

/// The way of one referral.
struct Journey {
  std::string state;                 ///< name of where it stands
  std::vector<std::string> reasons;  ///< the last ones; none when it stands for no reason given
  Step farthest = Step::ordered;
  bool tells_read = true;  ///< the ordering side has a way to show that it read
  /// When each step was first seen; one that only a later step proves has no time.
  std::array<std::optional<Instant>, step_count> at{};
};
Journey journey_of(const std::vector<DatedEvent>& events, std::string_view state);

/// One step of many referrals.
struct FunnelStep {
  int reached = 0;    ///< this step or a later one
  int not_known = 0;  ///< came to the step before, and nobody can tell whether to this one
  std::optional<std::chrono::seconds> median;  ///< from the step before, where both have a time
  std::optional<std::chrono::seconds> ninety;  ///< so long or less took nine in ten
  std::map<std::string, int> standing;         ///< by name of state: those that came just so far
  std::map<std::string, int> reasons;          ///< of them; one referral may have several
};
using Funnel = std::array<FunnelStep, step_count>;

/// True when nothing at all is known of the step: 0 would be wrong.
bool is_unknown(const FunnelStep& step);
Funnel funnel_of(const std::vector<Journey>& journeys);

}  // namespace meridian::routing
