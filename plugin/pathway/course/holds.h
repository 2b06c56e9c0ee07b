// SPDX-License-Identifier: Apache-2.0
// What holds a running course for a person, whatever the scores say.
#pragma once

#include <vector>

#include "pathway/course/course.h"

namespace meridian {

/// The holds of CourseRules that apply:
/// - surgery_scheduled: an order for an operation of the value sets that is open, a procedure that
///   is planned, or an appointment for one. A referral to a surgeon is none.
/// - medication_changed: a medicine of the value sets that was not on record before the release
///   (else the first visit), or one that was and has ended since. A further prescription of the
///   same medicine is no change.
/// - new_flag: new_flags() of severity hold or more.
/// One entry per rule, with the records. Pure.
std::vector<Entry> course_holds(const CourseCase& course_case, Day began);

}  // namespace meridian
