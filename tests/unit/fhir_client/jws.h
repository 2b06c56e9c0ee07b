// SPDX-License-Identifier: Apache-2.0
// Takes a JWS apart and verifies it by means other than those that signed it.
#pragma once

#include <string>
#include <string_view>

#include "unit/fhir_client/certificates.h"

namespace meridian::test {

struct Jws {
  std::string header;
  std::string claims;
  std::string signed_part;
  std::string signature;
};

std::string base64url_decode(std::string_view text);
Jws split_jws(std::string_view jws);

/// SHA-384 with the public half of `key`; `fixed_width` for R||S in place of DER.
bool verify_jws(const Key& key, const Jws& jws, bool fixed_width);

/// A public P-384 key from a JWK's coordinates.
Key p384_from_jwk(std::string_view x, std::string_view y);

/// A field of an application/x-www-form-urlencoded body, decoded.
std::string form_field(std::string_view form, std::string_view name);

}  // namespace meridian::test
