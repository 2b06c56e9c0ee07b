// SPDX-License-Identifier: Apache-2.0
// What was read, found and decided of a referral, in words.
#pragma once

#include <vector>

#include "flow/core.h"
#include "flow/happening.h"
#include "flow/past.h"
#include "store/rows.h"

namespace meridian::flow {

/// Of the last look: the records, the statements of the rules, the answers; and the last decision.
/// Nothing for a referral that was never assessed. Errors: store errors, a reader's.
Result<std::vector<Happening>> told_decision(const Core& core, const store::ReferralRow& row,
                                             const Events& events, bool patient_data);

}  // namespace meridian::flow
