// SPDX-License-Identifier: Apache-2.0
// The days on which the patient was needled, and those on which that is booked.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "pathway/rule_match.h"

namespace meridian {

/// A day of service and the records that tell of it.
using DaysOfService = std::map<Day, std::set<std::string>>;

struct Booking {
  std::string ref;
  Day day;
};

struct Visits {
  DaysOfService used;
  std::vector<Booking> booked;           ///< from `at` on, by day and ref
  std::vector<std::string> unaccounted;  ///< booked for a day that is past, and nothing says more
};

/// Visits for acupuncture or dry needling, at whichever clinic. Used: a procedure that was begun
/// (not one that is only planned, was not done or is an error), an encounter of that type that the
/// patient came to, or an appointment the patient came to. Several of one day are one visit: the
/// day is that which the source wrote, not the one it was in UTC. An appointment counts by its
/// service types, or by the acupuncture order it is based on. Source: CMS NCD 30.3.3 counts visits,
/// not units of a code.
Visits visits_of(const RuleContext& context);

/// The last run of days with no more than `gap_days` between them; empty when the last one is
/// longer ago than that.
DaysOfService running_course(const DaysOfService& used, int gap_days, Instant at);

/// The refs of all days.
std::vector<std::string> refs_of(const DaysOfService& days);

}  // namespace meridian
