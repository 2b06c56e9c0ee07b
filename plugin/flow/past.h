// SPDX-License-Identifier: Apache-2.0
// What a stored assessment was made from, read back out of the store.
#pragma once

#include <string>
#include <vector>

#include "flow/basis.h"
#include "flow/core.h"
#include "flow/judgement.h"
#include "store/rows.h"

namespace meridian::flow {

using Events = std::vector<store::EventRow>;

/// The first `count` of a log.
Events first_of(const Events& events, std::size_t count);

/// Whom the referral was about when its log had `count` events: a person may have named somebody
/// else since.
std::string patient_then(const store::ReferralRow& row, const Events& events, std::size_t count);

/// What is in the store, read as it was when it came. Errors: internal, when no reader takes it.
Result<RecordSet> read_stored(const Core& core, const Envelope& envelope);

struct Past {
  store::ReferralRow row;  ///< with the patient as it was
  Facts facts;             ///< without loads
  std::string missing;     ///< what is not kept any more; the facts are of no use then
};

/// Errors: store errors, the reader's. What is gone is no error.
Result<Past> past_of(const Core& core, const store::ReferralRow& row, const Events& events,
                     const Inputs& inputs);

}  // namespace meridian::flow
