// SPDX-License-Identifier: Apache-2.0
// The token by which an OpenID provider says who signed in there. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "port/jwk_set.h"
#include "port/jwt.h"

namespace meridian {

/// What the token of one sign-in must say.
struct IdTokenWanted {
  std::string issuer;
  std::string client_id;
  std::string nonce;
};

/// Its claims, once they may be believed: sub is there. `keys` are those of parse_for_sign_in; the
/// algorithm is one of RS256, RS384, ES256 and ES384, and that of the key. Errors: unauthorized,
/// whose text is for our log alone.
/// Source: OpenID Connect Core 1.0 sections 3.1.3.7 and 2
Result<JwtPart> verify_id_token(std::string_view compact, const IdTokenWanted& wanted,
                                const JwkSet& keys, Instant now);

}  // namespace meridian
