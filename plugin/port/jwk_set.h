// SPDX-License-Identifier: Apache-2.0
// The public keys of somebody who signs for us to check: the other side of a SMART key.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meridian {

/// Keys for RS384 (RSA of at least 2048 bit) and ES384 (P-384). Immutable; any thread.
/// Source: RFC 7517, RFC 7518 sections 3.3, 3.4 and 6.
class JwkSet {
 public:
  /// Keys of other kinds, and those that are not for signing, are left out.
  /// Errors: misconfigured: no JWK set, a private key in it, a key without kid, two keys with one
  /// kid and algorithm, or none that can be used.
  static Result<JwkSet> parse(std::string_view json);

  /// The same, and also for RS256 and ES256 (P-256), with which EHRs sign who signed in there.
  /// Source: OpenID Connect Core 1.0 section 15.1 asks every server for RS256.
  static Result<JwkSet> parse_for_sign_in(std::string_view json);

  /// True when there is a key of that name for that algorithm.
  bool has(std::string_view kid, std::string_view algorithm) const;

  /// Name of the key, when there is one alone and it is for that algorithm; else "".
  std::string only_kid(std::string_view algorithm) const;

  /// True when the key of that name made the signature (JWS form) over `signed_part`. The
  /// algorithm is the key's own: one that the signer only claims does not count.
  bool verify(std::string_view kid, std::string_view algorithm, std::string_view signed_part,
              std::string_view signature) const;

 private:
  struct Key;
  static Result<JwkSet> parse_for(std::string_view json, bool sign_in);
  std::vector<std::shared_ptr<const Key>> keys_;
};

/// What RFC 4648 section 5 writes without padding; nothing when it is none, padded, or has other
/// characters.
Result<std::string> from_base64url(std::string_view text);

}  // namespace meridian
