// SPDX-License-Identifier: Apache-2.0
// The decision table after a course that does not help: not straight to surgery.
#pragma once

#include <optional>
#include <string_view>

#include "pathway/course/course.h"

namespace meridian {

/// The rows of CourseRules::after_failure in their order, at the check point `at`. A row holds when
/// everything it names holds; it is open when nothing it names fails but something is not known
/// (a question without an answer of the last max_age_days, care that is not documented): unknown is
/// not negative. The answer is the first row that holds, or "ask" while a row before it is open;
/// "hold" when none holds: a person decides. Pure. Source: clinical/routing_rules.json
/// after_failure
CourseDecision after_failure(const CourseCase& course_case, const Course& course,
                             std::string_view at);

/// The referral that the decision leads to, when it leads to a surgeon: conservative care, scores,
/// medicines and images of the episode, adverse events and what the red flags rest on. Nothing
/// else: until the table has an answer nothing is prepared. It is a draft for a named person.
std::optional<PreparedReturn> prepared_return(const CourseCase& course_case, const Course& course);

}  // namespace meridian
