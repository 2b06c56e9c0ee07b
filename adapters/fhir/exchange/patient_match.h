// SPDX-License-Identifier: Apache-2.0
// Exactly one patient, or none: the identity rule of DESIGN section 4.
#pragma once

#include <string>

#include "fhir/client/fhir_client.h"
#include "port/ports.h"

namespace meridian::fhir {

/// The patient that a request means.
struct PatientMatch {
  std::string ref;    ///< "Patient/17"; empty when not exactly one was found
  std::string bytes;  ///< as received
  std::string why;    ///< a word when `ref` is empty: not-found, several, contradiction, merged
};

/// By reference when there is one, else by identifiers; never by name. A patient that was merged
/// into another, is inactive, or contradicts the birth date, sex or an identifier of the request is
/// not taken. Errors: of the client or server, when that may be different later.
Result<PatientMatch> match_patient(FhirClient& client, const GatherRequest& request);

/// True when the Patient resource contradicts what the request says. Pure.
bool contradicts(std::string_view patient, const GatherRequest& request);

}  // namespace meridian::fhir
