// SPDX-License-Identifier: Apache-2.0
// The clock of a referral: each state that is not the last has a timer, which is work like any
// other, set in the commit that begins the state. A timer that fires is an event.
#pragma once

#include <string>

#include "flow/core.h"
#include "flow/ledger.h"

namespace meridian::flow {

/// The worklist of the surgeon's side for what another should have done.
inline constexpr const char* overdue_worklist = "overdue";

/// Unique key of the timer.
std::string clock_key(const ReferralId& id);

/// A deadline that a timer waits for.
struct ClockSetting {
  routing::State state;
  bool urgent = false;
  Instant since;  ///< deadlines count from here
  int step = 0;
};
/// Sets the timer in place of the one that there is; none for a state that is final.
void plant_clock(const Core& core, const ReferralId& id, const ClockSetting& setting,
                 store::Changes& changes);

/// The timer's work: what the table of the state machine says of the deadline, and the timer of
/// the next one. A clock that was late, because nothing ran, moves the next ones back by as much:
/// nobody lapses without having been told.
Result<store::Changes> clock_rings(const Core& core, const store::WorkItem& timer);

/// Puts the referral on the surgeon's side's list and tells it why.
void escalate(const Core& core, Ledger& ledger, const std::string& words, store::Changes& changes);

}  // namespace meridian::flow
