// SPDX-License-Identifier: Apache-2.0
#include "port/id_token.h"

#include "base/same_secret.h"

namespace meridian {
namespace {

constexpr std::chrono::seconds clock_difference{60};
constexpr std::chrono::hours oldest{24};      // longer ago nobody signed in just now
constexpr std::size_t longest_subject = 255;  // OpenID Connect Core 1.0 section 2, sub

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "id_token", what};
}

/// none and the HMACs are not among what a key can be for, whatever the header says.
Result<void> check_signature(const Jwt& jwt, const JwkSet& keys) {
  if (jwt.header.has("crit")) return refused("crit is not understood");
  const auto algorithm = jwt.header.text("alg");
  // With one key alone the provider need not name it. Source: OpenID Connect Core 1.0 section 10.1
  const auto kid = jwt.header.has("kid") ? jwt.header.text("kid") : keys.only_kid(algorithm);
  if (!keys.has(kid, algorithm)) return refused("no key of the provider has this kid and alg");
  if (!keys.verify(kid, algorithm, jwt.signed_part, jwt.signature)) {
    return refused("the signature is wrong");
  }
  return {};
}

Result<void> check_audience(const JwtPart& claims, const std::string& client_id) {
  if (!claims.names("aud", client_id)) return refused("aud is not us");
  // Several audiences name the one that it was issued to.
  const bool single = claims.names_only("aud", client_id);
  if ((claims.has("azp") || !single) && claims.text("azp") != client_id) {
    return refused("azp is not us");
  }
  return {};
}

Result<void> check_times(const JwtPart& claims, Instant now) {
  const auto until = claims.time("exp");
  if (!until) return refused("exp is missing");
  if (*until + clock_difference <= now) return refused("exp is over");
  const auto issued = claims.time("iat");
  if (!issued) return refused("iat is missing");
  if (*issued > now + clock_difference) return refused("iat is in the future");
  if (*issued + oldest <= now) return refused("iat is too long ago");
  if (!claims.has("nbf")) return {};
  const auto begin = claims.time("nbf");
  if (!begin || *begin > now + clock_difference) return refused("nbf is in the future");
  return {};
}

}  // namespace

Result<JwtPart> verify_id_token(std::string_view compact, const IdTokenWanted& wanted,
                                const JwkSet& keys, Instant now) {
  auto jwt = Jwt::read(compact);
  if (!jwt) return refused("it is no JWT");
  const auto& claims = jwt->claims;
  if (wanted.issuer.empty() || claims.text("iss") != wanted.issuer) {
    return refused("iss is not the provider");
  }
  if (auto good = check_signature(*jwt, keys); !good) return good.error();
  if (auto good = check_audience(claims, wanted.client_id); !good) return good.error();
  if (auto good = check_times(claims, now); !good) return good.error();
  if (wanted.nonce.empty() || !same_secret(claims.text("nonce"), wanted.nonce)) {
    return refused("nonce is not that of this sign-in");
  }
  const auto subject = claims.text("sub");
  if (subject.empty() || subject.size() > longest_subject) return refused("sub is missing");
  return std::move(jwt->claims);
}

}  // namespace meridian
