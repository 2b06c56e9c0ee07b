// SPDX-License-Identifier: Apache-2.0
// What a person says on a form, as the steps in which a clinic's own software would write it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "fhir/endpoint/step.h"
#include "model/terminology.h"
#include "port/inbox.h"

namespace meridian::fhir {

/// The Task as it becomes, and what is made or changed beside it. `at` is now. Pure.
/// Errors: invalid, when something that the act needs is missing or out of range; conflict, when it
/// may not be said now.
Result<std::vector<Step>> steps_of(const View& view, const std::vector<std::string>& next,
                                   const InboxGiven& given, const Terminology& terminology,
                                   Instant at);

/// That a person of the clinic looks at it now: the Task as received, in triage. Nothing when that
/// was said before, or more than that.
std::optional<Step> opening_of(const View& view, const std::vector<std::string>& next);

}  // namespace meridian::fhir
