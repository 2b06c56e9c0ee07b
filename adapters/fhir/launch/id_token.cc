// SPDX-License-Identifier: Apache-2.0
#include "fhir/launch/id_token.h"

#include <algorithm>

#include "port/jwt.h"

namespace meridian::fhir {
namespace {

constexpr std::chrono::seconds clock_difference{60};
constexpr std::size_t longest_id = 64;  // http://hl7.org/fhir/R4/datatypes.html#id

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "id_token", what};
}

Result<void> check_signature(const Jwt& jwt, const JwkSet& keys) {
  const auto algorithm = jwt.header.text("alg");
  const bool known =
      algorithm == "RS256" || algorithm == "RS384" || algorithm == "ES256" || algorithm == "ES384";
  if (!known) return refused("alg is none that may sign");
  if (jwt.header.has("crit")) return refused("crit is not understood");
  // With one key alone the EHR need not name it. Source: OpenID Connect Core 1.0 section 10.1
  const bool named = jwt.header.has("kid");
  const auto kid = named ? jwt.header.text("kid") : keys.only_kid(algorithm);
  if (!keys.has(kid, algorithm)) return refused("kid is none of the EHR's keys");
  if (!keys.verify(kid, algorithm, jwt.signed_part, jwt.signature)) {
    return refused("the signature is wrong");
  }
  return {};
}

Result<void> check_audience(const JwtPart& claims, const std::string& client_id) {
  if (!claims.names("aud", client_id)) return refused("aud is not this app");
  // Several audiences name the one that it was issued to.
  const bool single = claims.names_only("aud", client_id);
  if ((claims.has("azp") || !single) && claims.text("azp") != client_id) {
    return refused("azp is not this app");
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
  return {};
}

bool is_id(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  return !text.empty() && text.size() <= longest_id && std::all_of(text.begin(), text.end(), plain);
}

/// "Practitioner/9" of that or of an address below the base.
Result<std::string> user_in(const JwtPart& claims, std::string iss) {
  const auto said = claims.text("fhirUser");
  std::string_view ref = said;
  while (iss.ends_with('/')) iss.pop_back();
  if (ref.starts_with(iss + "/")) ref.remove_prefix(iss.size() + 1);
  const auto slash = ref.find('/');
  if (slash == std::string_view::npos || !is_id(ref.substr(slash + 1))) {
    return refused("fhirUser names nobody of this server");
  }
  const auto type = ref.substr(0, slash);
  if (type != "Practitioner" && type != "PractitionerRole") {
    return Error{ErrorCode::forbidden, "id_token", "the user is no clinician"};
  }
  return std::string(ref);
}

}  // namespace

Result<EhrUser> check_id_token(std::string_view compact, const IdTokenExpected& expected,
                               const JwkSet& keys, Instant now) {
  const auto jwt = Jwt::read(compact);
  if (!jwt) return refused("it is no JWT");
  const auto& claims = jwt->claims;
  if (expected.issuer.empty() || claims.text("iss") != expected.issuer) {
    return refused("iss is not the EHR's");
  }
  if (auto good = check_signature(*jwt, keys); !good) return good.error();
  if (auto good = check_audience(claims, expected.client_id); !good) return good.error();
  if (auto good = check_times(claims, now); !good) return good.error();
  if (expected.nonce.empty() || claims.text("nonce") != expected.nonce) {
    return refused("nonce is not that of this launch");
  }
  auto ref = user_in(claims, expected.iss);
  if (!ref) return ref.error();
  return EhrUser{std::move(*ref), claims.text("name")};
}

}  // namespace meridian::fhir
