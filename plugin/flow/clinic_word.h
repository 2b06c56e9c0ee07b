// SPDX-License-Identifier: Apache-2.0
// What a message means for the event that it brings: what else the event keeps, and what a clinic's
// word is in the light of what was said before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/core.h"
#include "flow/ledger.h"
#include "model/assessment.h"
#include "model/record_set.h"
#include "port/envelope.h"

namespace meridian::flow {

/// Detail of an order: its priority, which the clocks go by. "{}" for routine.
std::string priority_detail(const ServiceRequest& order);

/// A clinic's message, and what changed there: its Task; or an appointment while its Task stayed.
/// The second is named by its appointment, or begins with it where the clinic writes here.
struct ClinicMessage {
  const RecordSet& records;
  bool of_appointment = false;
  bool written_here = false;
};
ClinicMessage clinic_message(const Envelope& envelope, const RecordSet& records, const Peer& peer);

/// Detail of a clinic's word: the latest visit that is booked, "visit"; where an appointment says
/// that one took place, when that was, "visited"; of a declined or called off referral its
/// "reasons", codes of Task.statusReason, "in-words" where there is no code. "{}" for none.
std::string word_detail(const Task& task, routing::EventKind heard, const ClinicMessage& message);

/// The event that a clinic's message says of its Task. Nothing for what moves nothing; what a
/// clinic writes here has one all the same, since it is kept with it.
std::optional<routing::EventKind> event_in(const Core& core, const Task& task,
                                           const ClinicMessage& message);

/// Orders the clinic's words. An appointment that changed while its Task stayed comes after the
/// Task's last word and before its next one.
std::string word_sequence(const Task& task, const ClinicMessage& message);

/// True when an appointment that changed at a clinic's own server says nothing that the referral
/// does not know: the Task spoke after it, or it stands so already.
bool is_known(const Task& task, routing::EventKind heard, const ClinicMessage& message,
              const Ledger& ledger);

/// Emergency signs among what came with a clinic's Task.
std::vector<Flag> red_flags_in(const Core& core, const RecordSet& records);

/// The event that a clinic's Task is. A red flag among its records outranks what the Task says, and
/// a cancelled Task of an order that was a mistake confirms the recall. Nothing for the echo of our
/// own: a Task that we marked as a mistake confirms nothing.
std::optional<routing::EventKind> heard_as(const Core& core, const RecordSet& records,
                                           const Task& task, routing::EventKind event,
                                           const Ledger& ledger);

}  // namespace meridian::flow
