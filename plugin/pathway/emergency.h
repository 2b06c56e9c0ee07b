// SPDX-License-Identifier: Apache-2.0
// The emergency rules, for the moment a message comes in: no history, no episodes.
#pragma once

#include <vector>

#include "model/assessment.h"
#include "model/rulebook.h"
#include "model/terminology.h"

namespace meridian {

/// Red flags of severity emergency that the records of one message show at `at`, answers among
/// them. Empty says nothing about the patient: absence is never concluded from a message. Pure.
std::vector<Flag> emergency_flags(const Chart& message, const RuleBook& rules,
                                  const Terminology& terminology, Instant at);

}  // namespace meridian
