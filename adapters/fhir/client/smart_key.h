// SPDX-License-Identifier: Apache-2.0
// The private key of a SMART client: signs assertions and shows its public half as a JWK.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace meridian::fhir {

/// RS384 (RSA of at least 2048 bit) or ES384 (P-384). Immutable; any thread.
/// Source: RFC 7515, RFC 7518 section 3, RFC 7517;
/// http://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html
class SmartKey {
 public:
  /// Reads an unencrypted PEM. An empty `kid` becomes the key's thumbprint (RFC 7638).
  /// Errors: misconfigured (no private key, wrong kind or size for the algorithm).
  static Result<SmartKey> from_pem(std::string_view pem, std::string_view algorithm,
                                   std::string_view kid);

  /// A compact JWS over the JSON text of the claims, with typ JWT and our kid.
  /// Errors: internal, when OpenSSL refuses.
  Result<std::string> sign(std::string_view claims) const;

  /// The public key as one JWK: kty, use, alg, kid and the public numbers.
  std::string jwk() const;

  const std::string& kid() const { return kid_; }

 private:
  struct Native;
  SmartKey() = default;

  std::shared_ptr<const Native> native_;
  std::string algorithm_;
  std::string kid_;
};

/// {"keys":[...]} for the URL at which servers fetch our keys. During a change of keys give both.
std::string jwks(std::initializer_list<const SmartKey*> keys);

/// The claims of a client assertion: iss and sub are the client, aud is the token URL exactly, exp
/// is an integer four minutes ahead, jti is new on each call.
std::string assertion_claims(std::string_view client_id, std::string_view token_url, Instant now);

/// base64url without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);

}  // namespace meridian::fhir
