// SPDX-License-Identifier: Apache-2.0
// How a referral came to stand where it stands, in plain words, in the order in which it happened.
#pragma once

#include <string>
#include <vector>

#include "flow/core.h"
#include "flow/happening.h"

namespace meridian::flow {

/// A text for a person in support, lines ended by "\n". Without `patient_data` it names records by
/// their refs and rules by the words of the content in use; with it, also dates and words of the
/// records, answers, and what was typed. Of `core` it uses store, names of peers, readers,
/// terminology and rules. Errors: not_found; store errors, a reader's.
Result<std::string> explain(const Core& core, const ReferralId& id, bool patient_data);

/// The same one by one, in the order in which it happened; what has not happened yet is at
/// Instant::max().
Result<std::vector<Happening>> told(const Core& core, const store::ReferralRow& row,
                                    const std::vector<store::DeliveryRow>& deliveries,
                                    bool patient_data);

}  // namespace meridian::flow
