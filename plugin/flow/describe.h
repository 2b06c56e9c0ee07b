// SPDX-License-Identifier: Apache-2.0
// Rows of the store as one JSON object each, for people at the command line: no patient data.
#pragma once

#include <string>
#include <vector>

#include "flow/peers.h"
#include "store/rows.h"

namespace meridian::flow {

/// A referral as it is listed.
std::string referral_json(const store::ReferralRow& row);

/// A referral with its events, its deliveries and why it stands where it stands.
std::string referral_json(const store::ReferralRow& row, const std::vector<store::EventRow>& events,
                          const std::vector<store::DeliveryRow>& deliveries);

/// A delivery; an error carries its class and what to do about it, out of the table of errors.
/// `receiver` says whether repeats are recognised there; null when it is not known.
std::string delivery_json(const store::DeliveryRow& row, const Peer* receiver = nullptr);

/// Work that was given up; its number is written "w7".
std::string work_json(const store::DeadWork& work);

/// A message in quarantine. What is wrong with it may quote it, so only the codes are told.
std::string quarantine_json(const store::QuarantineRow& row);

}  // namespace meridian::flow
