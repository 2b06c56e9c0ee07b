// SPDX-License-Identifier: Apache-2.0
// Tells the hospital where its referral stands, brings the clinic's note into its record, and tells
// the clinic that an order ended.
#pragma once

#include "flow/core.h"
#include "flow/ledger.h"

namespace meridian::flow {

/// Renders the state for the source of the order. With a message in the item's detail, the clinic's
/// news of that message goes along: appointment, consult note. Errors: of renderer and store.
Result<store::Changes> reflect_referral(const Core& core, const store::WorkItem& item);

/// Tells the clinic that has the referral that the order was revoked or a mistake.
Result<store::Changes> tell_clinic(const Core& core, const store::WorkItem& item);

/// A clinic that goes on with a referral which another has by now is told so: else two have the
/// patient. Source: reference referral-standards section 4, rule 3.
void answer_late_word(const Core& core, const Ledger& ledger, const DestinationId& clinic,
                      routing::EventKind word, store::Changes& changes);

/// Tells every receiver that got what was sent, and did not confirm yet, that it was a mistake.
void recall(const Core& core, const Ledger& ledger, store::Changes& changes);

/// What they read; a Task that says so repeats it and confirms nothing.
inline constexpr const char* recall_words =
    "the order was a mistake; please destroy what was sent and confirm it";

/// The FHIR Task.status that a state shows.
const char* task_status_of(std::string_view state);

}  // namespace meridian::flow
