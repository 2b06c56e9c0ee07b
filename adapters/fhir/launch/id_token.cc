// SPDX-License-Identifier: Apache-2.0
#include "fhir/launch/id_token.h"

#include <algorithm>

#include "port/id_token.h"

namespace meridian::fhir {
namespace {

constexpr std::size_t longest_id = 64;  // http://hl7.org/fhir/R4/datatypes.html#id

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "id_token", what};
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
  const auto claims =
      verify_id_token(compact, {expected.issuer, expected.client_id, expected.nonce}, keys, now);
  if (!claims) return claims.error();
  auto ref = user_in(*claims, expected.iss);
  if (!ref) return ref.error();
  return EhrUser{std::move(*ref), claims->text("name")};
}

}  // namespace meridian::fhir
