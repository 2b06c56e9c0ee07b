// SPDX-License-Identifier: Apache-2.0
// Transaction and batch Bundles. Source: http://hl7.org/fhir/R4/http.html#transaction
#pragma once

#include "fhir_server/interactions.h"

namespace meridian::sandbox {

/// Carries out a batch or transaction on `work.records` and gives the response Bundle. A refused
/// entry of a transaction throws; the caller takes the records back. A refused entry of a batch is
/// told in its response, and changes nothing. `representation`: the responses carry the resources.
Reply process_bundle(const Work& work, const Json& bundle, bool representation);

/// Throws unless every reference written after the first `since` changes leads somewhere.
void check_written(const Work& work, std::uint64_t since);

}  // namespace meridian::sandbox
