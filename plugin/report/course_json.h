// SPDX-License-Identifier: Apache-2.0
// `course` and `ledger` of meridian.assessment/1.
#pragma once

#include "model/course.h"
#include "report/json.h"

namespace meridian::report {

/// Members `course` and `ledger` of the object that is open; null without one.
void write_course(Json& json, const std::optional<Course>& course);
void write_ledger(Json& json, const std::optional<VisitLedger>& ledger);

}  // namespace meridian::report
