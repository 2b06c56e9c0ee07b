// SPDX-License-Identifier: Apache-2.0
// Other referrals of the same patient: which order repeats which.
#pragma once

#include <optional>

#include "flow/core.h"
#include "store/rows.h"

namespace meridian::flow {

/// The referral that this one repeats: of the same patient at the same source, in the same
/// direction, older by at most 90 days, and still open; repeat.h says what follows.
/// Source: reference referral-standards section 4, rule 6.
Result<std::optional<store::ReferralRow>> repeated_by(const Core& core,
                                                      const store::ReferralRow& row);

/// The referral has ended: those that waited because they repeat it are assessed again.
Result<void> wake_siblings(const Core& core, const store::ReferralRow& ended,
                           store::Changes& changes);

}  // namespace meridian::flow
