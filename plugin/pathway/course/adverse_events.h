// SPDX-License-Identifier: Apache-2.0
// What went wrong after needling, graded.
#pragma once

#include <vector>

#include "model/assessment.h"
#include "model/course.h"
#include "pathway/course/visits.h"

namespace meridian {

/// Adverse events on record from `since` on, by day, worst first on one day. A record of
/// AdverseEventRule counts when its code says that needling was the cause, or when it was recorded
/// within the rule's days after a visit: then the cause is open, and the text says so. A severity
/// of the condition, or a value of the observation, that the concept map adverse-grade knows is the
/// grade where it is worse than the rule's; "no" and an absent value are no event. Refuted records,
/// those in error and those of the family count no more than in facts.h. FHIR's AdverseEvent is not
/// read. Pure. Source: Zhang and others 2010 (AE)
std::vector<AdverseEvent> adverse_events(const RuleContext& context, const DaysOfService& used,
                                         Day since);

/// The serious ones of the last CourseRules::serious_days as emergency flags of rule
/// "adverse.serious": they take the way of an alert. Pure.
std::vector<Flag> serious_adverse_events(const RuleContext& context, const DaysOfService& used);

/// The value sets of all adverse events that the course knows.
std::vector<std::string> adverse_event_sets(const CourseRules& rules);

/// The flags of both, worst first.
std::vector<Flag> with_adverse_events(std::vector<Flag> flags, std::vector<Flag> serious);

}  // namespace meridian
