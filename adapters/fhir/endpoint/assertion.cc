// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/assertion.h"

#include "port/jwt.h"

namespace meridian::fhir {
namespace {

constexpr std::size_t longest_id = 256;

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "assertion", what};
}

Result<void> check_header(const JwtPart& header) {
  const auto algorithm = header.text("alg");
  if (algorithm != "RS384" && algorithm != "ES384") return refused("alg must be RS384 or ES384");
  const auto type = header.text("typ");
  if (type != "JWT" && type != "jwt") return refused("typ must be JWT");
  if (header.text("kid").empty()) return refused("kid is missing");
  if (header.has("crit")) return refused("crit is not understood");
  return {};
}

Result<void> check_times(const JwtPart& claims, Instant now) {
  const auto until = claims.time("exp");
  if (!until) return refused("exp must be an integer of seconds");
  if (*until + clock_difference <= now) return refused("exp is over");
  if (*until > now + longest_assertion + clock_difference) {
    return refused("exp is more than five minutes ahead");
  }
  for (const char* name : {"nbf", "iat"}) {
    if (!claims.has(name)) continue;
    const auto at = claims.time(name);
    if (!at || *at > now + clock_difference) return refused("nbf or iat is in the future");
  }
  return {};
}

}  // namespace

Result<Assertion> check_assertion(std::string_view jws,
                                  const std::map<std::string, JwkSet, std::less<>>& keys,
                                  std::string_view token_url, Instant now) {
  const auto jwt = Jwt::read(jws);
  if (!jwt) return refused("client_assertion is no JWT");
  const auto& [header, claims, signed_part, signature] = *jwt;
  if (auto good = check_header(header); !good) return good.error();
  Assertion assertion;
  assertion.client = claims.text("iss");
  if (assertion.client.empty() || assertion.client != claims.text("sub")) {
    return refused("iss and sub must both be the client's id");
  }
  const auto known = keys.find(assertion.client);
  if (known == keys.end() ||
      !known->second.verify(header.text("kid"), header.text("alg"), signed_part, signature)) {
    return refused("no key of this client made the signature");
  }
  if (!claims.names("aud", token_url)) {
    return refused("aud must be the URL of the token endpoint");
  }
  if (auto good = check_times(claims, now); !good) return good.error();
  assertion.until = *claims.time("exp");
  assertion.id = claims.text("jti");
  if (assertion.id.empty() || assertion.id.size() > longest_id) {
    return refused("jti must be 1 to 256 bytes long");
  }
  return assertion;
}

}  // namespace meridian::fhir
