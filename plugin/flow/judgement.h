// SPDX-License-Identifier: Apache-2.0
// One look at a referral: what was gathered, what it says, and the packet it makes.
#pragma once

#include <string>
#include <vector>

#include "flow/core.h"
#include "model/assessment.h"
#include "model/record_set.h"
#include "packet/field_profile.h"
#include "routing/route.h"
#include "store/rows.h"

namespace meridian::flow {

/// The facts of one gather, read back from the stored bytes.
struct Facts {
  std::string id;
  std::string bytes;
  History history;
  bool patient_resolved = false;
  RecordSet records;  ///< of `bytes`
  /// `records` and the answers that were given to us; never sent on, their bytes are elsewhere.
  RecordSet known;
  std::vector<std::string> messages;  ///< that brought those answers
};

/// What one assessment rests on and says.
struct Judgement {
  const ServiceRequest* order = nullptr;  ///< in the facts; null when they do not name one patient
  std::string service;
  Assessment assessment;
  routing::Decision decision;
};

/// What a receiver may have of a look: the order's packet, and of `also` what it had before.
packet::Selection select_packet(const Core& core, const Peer& receiver,
                                const store::ReferralRow& row, const Facts& facts,
                                const Judgement& judgement,
                                const std::vector<std::string>& also = {});

/// The letter that brings a packet. It refers to nothing of `facts` afterwards.
Letter packet_letter(const Core& core, const Peer& receiver, const store::ReferralRow& row,
                     const Facts& facts, const Judgement& judgement);

}  // namespace meridian::flow
