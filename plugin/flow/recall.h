// SPDX-License-Identifier: Apache-2.0
// Answers that were given to us, read again at each assessment: the EHR may not have them.
#pragma once

#include <string>
#include <vector>

#include "flow/core.h"
#include "model/assessment.h"
#include "model/record_set.h"
#include "port/ports.h"
#include "store/rows.h"

namespace meridian::flow {

/// How a version of an answer sorts in the log: by version, else by the message that brought it.
std::string answer_sequence(const Record& answer, const MessageId& message);

/// True when answers may have come with the message of this event.
bool brings_answers(const store::EventRow& event);

/// True when visits may have: a clinic said it.
bool brings_visits(const store::EventRow& event);

/// Adds the patient's QuestionnaireResponses and Observations out of the stored messages that
/// ordered or answered the referral, by its log. Of one record the newest version is kept,
/// `gathered` among them, so that one taken back there does not live on in our copy. `request` has
/// what the newest order said, which is not read again, and how it calls the patient. The value is
/// the ids of the messages that brought something. A message that is gone brings nothing. Errors:
/// store errors.
Result<std::vector<std::string>> recall_answers(const Core& core, const store::ReferralRow& row,
                                                const std::vector<store::EventRow>& events,
                                                const GatherRequest& request, RecordSet& gathered);

/// Adds the visits that clinics told us of and the source's record may not have: Procedures,
/// Encounters, Appointments and Observations (scores, adverse events) of the messages that they
/// sent about this referral, of the patient whom the Task there is for. Their refs end in "@" and
/// the clinic. Of one record the newest version is kept. The value is the ids of the messages that
/// brought something. Errors: store errors.
Result<std::vector<std::string>> recall_visits(const Core& core, const store::ReferralRow& row,
                                               const std::vector<store::EventRow>& events,
                                               RecordSet& known);

/// What could not be read now is taken as it was known: for each kind of history that was complete
/// in the first of the stored looks and is not in `history`, the records of all of them are added
/// to `known` and the kind counts as complete again. So only what is found makes a difference,
/// never what a failed query left out. The value is true when nothing had to be taken. Errors:
/// not_found, when those facts are gone; store errors.
Result<bool> recall_unread(const Core& core, const std::vector<std::string>& looks,
                           History& history, RecordSet& known);

}  // namespace meridian::flow
