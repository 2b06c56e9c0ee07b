// SPDX-License-Identifier: Apache-2.0
// What people should know of the images of a patient, and what they must read themselves.
#pragma once

#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// One annotation per kind of finding and report: where, how sure, since when, the share of
/// pain-free people of that age who have it, and how level and side agree with the symptoms. Rule
/// "imaging." + kind. Negated findings are none. They change nothing. Pure.
std::vector<Entry> imaging_notes(const RuleContext& context);

/// Reports of the last year with words of the serious tier that could not be read, or that an
/// ultrasound cannot show: a person reads them before acupuncture is released. Pure.
std::vector<Missing> unread_imaging(const RuleContext& context);

}  // namespace meridian
