// SPDX-License-Identifier: Apache-2.0
// Whose record is meant, as a named person said it: the page, and what stands now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/core.h"
#include "port/ports.h"
#include "port/statements.h"
#include "store/rows.h"

namespace meridian::flow {

struct PatientLink {
  std::string patient;  ///< "Patient/17" at the peer
  std::string by;
  std::string was;  ///< the patient of the order before
};

/// True when a person named the referral's patient at a peer, also when that was taken back.
/// Errors: store errors.
Result<bool> was_linked_at(const Core& core, const ReferralId& id, std::string_view peer);

/// The link at a peer that was not taken back, by the log of a referral.
std::optional<PatientLink> link_in(const std::vector<store::EventRow>& events,
                                   std::string_view peer);

/// The same, of a stored referral. Errors: store errors.
Result<std::optional<PatientLink>> link_at(const Core& core, const ReferralId& id,
                                           std::string_view peer);

/// The peer whose staff must name the patient: the source, when the order's patient is in doubt;
/// the receiver, when it does not know the patient yet; null when nobody must.
const Peer* peer_to_link(const Core& core, const store::ReferralRow& row);

/// The page of a held referral's decision; nothing when the source need not say anything.
std::optional<FormTicket> current_patient_link(const Core& core, const store::ReferralRow& row);

/// What the page shows. Errors: not_found, store errors.
Result<PatientLinkView> look_at_patient_link(const Core& core, const FormTicket& ticket);

/// Takes a link, or takes one back. A patient that is not there, was retired, or contradicts the
/// birth date or sex that the other side states is refused: the view says why, nothing is kept.
/// Errors: those of the peer's gatherer and of the inlet.
Result<PatientLinkView> give_patient_link(const Core& core, Inlet& inlet, const FormTicket& ticket,
                                          const PatientLinkGiven& given);

}  // namespace meridian::flow
