// SPDX-License-Identifier: Apache-2.0
// A code turned into who launched and which patient is open. Blocks while the EHR is asked.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "fhir/launch/ehr_sign_in.h"
#include "fhir/launch/hospital.h"

namespace meridian::fhir {

/// What one launch asked with.
struct CodeGiven {
  std::string code;
  std::string redirect_uri;
  std::string verifier;  ///< RFC 7636 section 4.1
  std::string nonce;
};

struct LaunchAnswer {
  std::string user;     ///< "Practitioner/9"
  std::string name;     ///< of the user, for people; never empty
  std::string patient;  ///< "Patient/17"
  bool banner = true;   ///< need_patient_banner: true unless the EHR says that it shows who it is
  std::string patient_name;
  std::string born;
  std::chrono::seconds life{0};  ///< of the EHR's token; 0: not said
};

/// base64url of the SHA-256 of a verifier. Source: RFC 7636 section 4.2
std::string code_challenge(std::string_view verifier);

/// Exchanges the code, checks id_token and patient, and reads the names that are needed. Errors:
/// unauthorized (what the EHR answered does not hold), forbidden (no clinician), not_found (no
/// patient, or one that cannot be named although the page must), those of a connection.
Result<LaunchAnswer> exchange_code(const LaunchHospital& hospital, const SignInPlaces& places,
                                   const CodeGiven& given, Instant now);

}  // namespace meridian::fhir
