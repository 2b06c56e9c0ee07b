// SPDX-License-Identifier: Apache-2.0
// A course of acupuncture while it runs: is it time to look, does it help, must it stop?
#pragma once

#include <optional>
#include <vector>

#include "model/assessment.h"
#include "pathway/course/visits.h"
#include "pathway/rule_match.h"

namespace meridian {

/// What a course is judged on.
struct CourseCase {
  const RuleContext& context;
  const Episode* episode = nullptr;  ///< may be null: then no score is known
  const Visits& visits;
  const std::vector<Flag>& flags;
  const std::vector<PainType>& pain_types;
  std::optional<Instant> released_at;  ///< of the referral; nothing: the first visit counts
};

/// The course whose last visit is at most CourseRules::gap_days ago; nothing when there is none.
///
/// A check point is reached by its visit or its day, counted from the first visit, whichever comes
/// first. It is done when a primary measure was taken from score_max_age_days before it until the
/// next one is reached, else it is due, and missed when the next one was reached meanwhile. Before
/// the first one the response is too_early, unless it is worse: no course fails earlier. A red flag
/// since the course began is worse. What the last check point leads to is CheckPointRule's; not
/// improving leads to the decision table (after_failure.h), and a referral to the surgeon is
/// prepared only when a row of it says so. Pure. Source: clinical/coverage_rules.json checkpoints,
/// clinical/outcomes.json response_rules
std::optional<Course> watch_course(const CourseCase& course_case);

/// What a person must settle before the course goes on: each hold, and a response that stops it.
/// A red flag holds by itself and is not repeated. What is due and was not measured is stated and
/// holds nothing.
std::vector<Missing> course_questions(const Course& course, const CourseRules& rules);

/// Flags of at least that severity that rest on something dated since the course began, or on
/// something without a date, and that nobody signed off.
std::vector<const Flag*> new_flags(const CourseCase& course_case, Day began,
                                   const std::string& severity);

/// True when the response stops the course: the decision table is asked, or it is held.
bool is_stopped(const Course& course);

}  // namespace meridian
