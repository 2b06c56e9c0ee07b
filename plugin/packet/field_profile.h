// SPDX-License-Identifier: Apache-2.0
// Which records a receiver gets: the field profile applied to records. Default deny. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/assessment.h"
#include "model/field_profile.h"
#include "model/record_set.h"
#include "model/terminology.h"

namespace meridian::packet {

/// By which names a consent may know who sends and who receives: "system|value" of an identifier,
/// and "Type/id" on the sender's server.
struct Parties {
  std::vector<std::string> sender;
  std::vector<std::string> receiver;
};

/// A record that is not sent. `reason` is for us and the audit, never for the receiver: type (not
/// in the profile), label, unknown-label, code (an excluded value set), not-needed (not in the
/// value sets that are sent), not-found.
struct WithheldRecord {
  std::string ref;
  std::string reason;
};

struct Selection {
  std::vector<std::string> include;  ///< refs to send, in the order of the candidates
  std::vector<WithheldRecord> withheld;
  std::vector<LegalNotice> notices;  ///< due for what goes by consent, each once
};

/// Decides record by record. A record that carries a security label outside the harmless ones is
/// withheld, whether the profile lists the label or not: an unknown label counts as restricted.
/// A record with one excluded code anywhere is withheld as a whole. What the profile releases by
/// label goes where a consent among `records` covers it at `at`, on its way between `parties`
/// (released.h).
Selection select_records(const RecordSet& records, const std::vector<std::string>& candidates,
                         const FieldProfile& profile, const Terminology& terminology, Instant at,
                         const Parties& parties);

/// What a packet for this order may hold: the order, its patient, requester and coverage, what the
/// order points to, and every record that the assessment rests on; each ref once.
std::vector<std::string> packet_candidates(const RecordSet& records, const std::string& order_ref,
                                           const Assessment& assessment);

/// What the receiver is told: that records were withheld by policy, and how many; nothing that
/// says what they are. "" when nothing was withheld.
std::string withheld_statement(const Selection& selection);

}  // namespace meridian::packet
