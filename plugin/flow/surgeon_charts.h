// SPDX-License-Identifier: Apache-2.0
// Scores and visits of a referral's patient, as the surgeon's view draws them.
#pragma once

#include <vector>

#include "flow/core.h"
#include "port/surgeon_view.h"
#include "store/rows.h"

namespace meridian::flow {

/// Adds curves, visits and bookings: of the record as it was last read, and of what clinics told
/// since. Nothing where the record was never read. Errors: store errors, the reader's.
Result<void> add_charts(const Core& core, const store::ReferralRow& row,
                        const std::vector<store::EventRow>& events, SurgeonReferral& referral);

}  // namespace meridian::flow
