// SPDX-License-Identifier: Apache-2.0
#include "cds_hooks/token_check.h"

#include <algorithm>

#include "port/jwt.h"

namespace meridian::cds_hooks {
namespace {

constexpr std::size_t longest_id = 256;

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "cds token", what};
}

Result<void> check_signature(const Jwt& jwt, const Trust& trust, const KeysWith& keys) {
  const auto& header = jwt.header;
  const auto algorithm = header.text("alg");
  if (algorithm != "ES384" && algorithm != "RS384") return refused("alg is not ES384 or RS384");
  if (header.has("crit")) return refused("crit is not understood");
  if (header.has("jku") && (trust.jku.empty() || header.text("jku") != trust.jku)) {
    return refused("jku is not the configured one");
  }
  const auto kid = header.text("kid");
  if (kid.empty()) return refused("kid is missing");
  const auto known = keys(kid, algorithm);
  if (!known) return refused("kid is none of the client's keys");
  if (!known->verify(kid, algorithm, jwt.signed_part, jwt.signature)) {
    return refused("the signature is wrong");
  }
  return {};
}

Result<void> check_times(const JwtPart& claims, Instant now) {
  const auto until = claims.time("exp");
  if (!until) return refused("exp is missing");
  if (*until + clock_difference <= now) return refused("exp is over");
  if (*until > now + longest_life + clock_difference) return refused("exp is too far ahead");
  const auto issued = claims.time("iat");
  if (!issued) return refused("iat is missing");
  if (*issued > now + clock_difference) return refused("iat is in the future");
  if (!claims.has("nbf")) return {};
  const auto begin = claims.time("nbf");
  if (!begin || *begin > now + clock_difference) return refused("nbf is in the future");
  return {};
}

}  // namespace

Result<Shown> check_token(std::string_view compact, const Trust& trust, const KeysWith& keys,
                          const std::vector<std::string>& called, Instant now) {
  const auto jwt = Jwt::read(compact);
  if (!jwt) return refused("it is no JWT");
  const auto& claims = jwt->claims;
  if (trust.issuer.empty() || claims.text("iss") != trust.issuer) {
    return refused("iss is not the configured one");
  }
  if (auto good = check_signature(*jwt, trust, keys); !good) return good.error();
  const bool ours = std::any_of(called.begin(), called.end(),
                                [&](const auto& url) { return claims.names("aud", url); });
  if (!ours) return refused("aud is not what was called");
  if (auto good = check_times(claims, now); !good) return good.error();
  if (claims.has("tenant") && claims.text("tenant").empty()) return refused("tenant is no text");
  if (claims.text("tenant") != trust.tenant) return refused("tenant is not the configured one");
  Shown shown{claims.text("jti"), *claims.time("exp") + clock_difference};
  if (shown.id.empty() || shown.id.size() > longest_id) return refused("jti is missing");
  return shown;
}

}  // namespace meridian::cds_hooks
