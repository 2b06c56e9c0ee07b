// SPDX-License-Identifier: Apache-2.0
// A packet for receivers whose transactions take few entries when any is conditional.
#pragma once

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/bundle_out.h"
#include "port/envelope.h"

namespace meridian::fhir {

/// True of a Task that is created before the packet: it is a draft and about nothing yet.
bool is_before_packet(std::string_view task);

/// Creates a draft of the Task alone, conditional on our identifier; then one transaction without
/// conditions brings the rest and puts the Task in place of that version of the draft. So of
/// several tries one succeeds, whole, and a receiver that was asked sees either a draft or all.
/// `task` is the Task's place among the entries. Errors: those of the client and of the receiver's
/// answer; conflict when two Tasks carry our identifier.
Result<Receipt> send_draft_first(FhirClient& client, const OutBundle& bundle, std::size_t task);

}  // namespace meridian::fhir
