// SPDX-License-Identifier: Apache-2.0
// One look at a referral: what was gathered, what it says, and the packet it makes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/basis.h"
#include "flow/core.h"
#include "flow/ledger.h"
#include "model/assessment.h"
#include "model/record_set.h"
#include "packet/field_profile.h"
#include "pathway/sign_off.h"
#include "routing/route.h"
#include "store/rows.h"

namespace meridian::flow {

/// The facts of one gather, read back from the stored bytes.
struct Facts {
  std::string id;
  std::string bytes;
  History history;
  bool patient_resolved = false;
  std::string doubt;        ///< Gathered::doubt
  std::string order_there;  ///< Gathered::order_there
  std::vector<SignOff> sign_offs;
  routing::Loads loads;  ///< of all receivers at that time
  RecordSet records;     ///< of `bytes`
  /// `records` and the answers that were given to us; never sent on, their bytes are elsewhere.
  RecordSet known;
  std::vector<std::string> messages;  ///< that brought those answers
  std::vector<std::string> recalled;  ///< Inputs::recalled
  std::size_t events = 0;             ///< so many of the log were there
};

/// What one assessment rests on and says.
struct Judgement {
  Instant at;
  std::optional<Instant> screened_at;
  const ServiceRequest* order = nullptr;  ///< in the facts; null when they do not name one patient
  std::string service;
  Assessment assessment;
  routing::Decision decision;
  std::string directory;            ///< version that was asked
  std::vector<Hold> holds;          ///< of a held one: what may be signed off and what not
  std::string repeats;              ///< "repeats ServiceRequest/5 ...", before it is sent
  std::vector<std::string> course;  ///< what a surgeon is told of the treatment so far
  /// Letter::patient_there, for a receiver with charts of its own.
  std::optional<std::string> patient_there;
};

/// A person's choice of the receiver, in place of the directory's order.
struct Choice {
  DestinationId to;
  std::string by;               ///< who chose
  std::string override_reason;  ///< why a requirement that fails does not count; kept
};

/// Reads the history anew and stores it; `row` names the patient then whom the source's record says
/// the order is about. Errors: misconfigured, those of gatherer, reader, store.
Result<Facts> gather(const Core& core, store::ReferralRow& row);

/// What the log says beside the gathered records: whose record is meant, answers, sign-offs.
/// Errors: store errors, the reader's.
Result<void> know(const Core& core, const store::ReferralRow& row,
                  const std::vector<store::EventRow>& events, const GatherRequest& request,
                  Facts& facts);

/// One patient's part of what is known, and what the rules say of it.
struct Assessed {
  Chart chart;
  std::vector<Episode> episodes;
  Assessment assessment;
};

/// Nothing when what is known is not about the referral's patient.
std::optional<Assessed> assess_order(const Core& core, const store::ReferralRow& row,
                                     const Facts& facts, Instant at,
                                     std::optional<Instant> screened_at);

/// Assesses and routes. `screened_at`: when the screen that a release rests on was looked at; its
/// answers do not age after that.
Judgement judge(const Core& core, const Ledger& ledger, const Facts& facts, const Choice& choice,
                std::optional<Instant> screened_at);

/// What the assessment of a judgement was made from.
Inputs inputs_of(const Core& core, const Facts& facts, const Judgement& judgement);

/// What a receiver may have of a look: the order's packet, and of `also` what it had before.
packet::Selection select_packet(const Core& core, const Peer& receiver,
                                const store::ReferralRow& row, const Facts& facts,
                                const Judgement& judgement,
                                const std::vector<std::string>& also = {});

/// The letter that brings a packet. It refers to nothing of `facts` afterwards.
Letter packet_letter(const Core& core, const Peer& receiver, const store::ReferralRow& row,
                     const Facts& facts, const Judgement& judgement);

}  // namespace meridian::flow
