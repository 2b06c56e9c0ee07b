// SPDX-License-Identifier: Apache-2.0
// The key with which an EHR signs who is signed in there.
#pragma once

#include <memory>
#include <string>

#include "fhir_server/json.h"

struct evp_pkey_st;

namespace meridian::sandbox {

/// An RSA key of 2048 bit, made anew for each run. Any thread.
class SigningKey {
 public:
  /// Throws std::runtime_error when OpenSSL makes none.
  SigningKey();

  /// The claims as a compact JWS by RS256, which OpenID Connect asks of every provider
  /// (OpenID Connect Core 1.0 section 15.1).
  std::string sign(const Json& claims) const;

  /// A JWK set with the public half (RFC 7517).
  Json public_keys() const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

/// Base64url without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);

}  // namespace meridian::sandbox
