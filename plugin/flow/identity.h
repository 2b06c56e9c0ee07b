// SPDX-License-Identifier: Apache-2.0
// Who a referral is about, on both sides. Source: DESIGN section 4, identity.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/core.h"
#include "model/record_set.h"
#include "store/rows.h"

namespace meridian::flow {

/// What the history is asked with: the patient that the order names, or that a person said it
/// means, and what the order itself says of the patient. An order whose message gives no addresses
/// names its patient by identifiers. `events` are the referral's log. Errors: store errors, the
/// reader's.
Result<GatherRequest> gather_request(const Core& core, const store::ReferralRow& row,
                                     const std::vector<store::EventRow>& events);

/// What the sender of a referral says of the patient's birth date and sex, from its latest facts.
Result<GatherRequest> said_of_patient(const Core& core, const store::ReferralRow& row);

/// What a letter to the origin calls order and patient: where the order's message gave no
/// addresses, the record that was found there, and the order's own number. Errors: those of
/// gather_request.
Result<void> address_to_origin(const Core& core, const store::ReferralRow& row, Letter& letter);

/// The patient's record at a receiver that keeps charts of its own (Letter::patient_there): as a
/// person linked it, or that of a referral which came from there and which the order, or the
/// record that we made for it, names. Empty when neither says it; nothing for other receivers.
/// `records` are the referral's facts. Errors: store errors.
Result<std::optional<std::string>> patient_there(const Core& core, const store::ReferralRow& row,
                                                 const Peer& receiver, const RecordSet& records);

/// An order whose patient a person has named is about that patient.
void apply_link(const store::ReferralRow& row, RecordSet& records);

}  // namespace meridian::flow
