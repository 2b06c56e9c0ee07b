// SPDX-License-Identifier: Apache-2.0
// The token by which an EHR says who signed in there. Pure; any thread.
// Source: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation,
// http://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "port/jwk_set.h"

namespace meridian::fhir {

/// What the token of one launch must say.
struct IdTokenExpected {
  std::string issuer;
  std::string client_id;
  std::string nonce;
  std::string iss;  ///< FHIR base: an absolute fhirUser must be below it
};

struct EhrUser {
  std::string ref;   ///< "Practitioner/9"
  std::string name;  ///< claim name; "" when it is not said
};

/// What port/id_token.h asks of any, and fhirUser. Errors: unauthorized, whose text is for our log
/// alone; forbidden: a user who is no clinician.
Result<EhrUser> check_id_token(std::string_view compact, const IdTokenExpected& expected,
                               const JwkSet& keys, Instant now);

}  // namespace meridian::fhir
