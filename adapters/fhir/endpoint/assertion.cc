// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/assertion.h"

#include <optional>

#include <rapidjson/document.h>

namespace meridian::fhir {
namespace {

constexpr std::size_t longest_jws = 8'192;
constexpr std::size_t longest_id = 256;

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "assertion", what};
}

std::string text_in(const rapidjson::Document& json, const char* name) {
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsString()
             ? std::string(found->value.GetString(), found->value.GetStringLength())
             : std::string();
}

/// Seconds since 1970, as an integer: SMART wants no other form.
std::optional<Instant> time_in(const rapidjson::Document& json, const char* name) {
  const auto found = json.FindMember(name);
  if (found == json.MemberEnd() || !found->value.IsInt64()) return std::nullopt;
  constexpr std::int64_t latest = 32'503'680'000;  // the year 3000
  const auto seconds = found->value.GetInt64();
  if (seconds < 0 || seconds > latest) return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

/// One string, or a list of which one is it.
bool is_for(const rapidjson::Document& claims, std::string_view token_url) {
  const auto found = claims.FindMember("aud");
  if (found == claims.MemberEnd()) return false;
  const auto same = [&](const rapidjson::Value& value) {
    return value.IsString() &&
           std::string_view(value.GetString(), value.GetStringLength()) == token_url;
  };
  if (!found->value.IsArray()) return same(found->value);
  for (const auto& value : found->value.GetArray()) {
    if (same(value)) return true;
  }
  return false;
}

/// A JSON object out of one part of a JWS. Twice the same member: the first counts here, and a
/// second one would be another reader's truth, so there must be none.
std::optional<rapidjson::Document> object_in(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) return std::nullopt;
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(text->data(), text->size());
  if (json.HasParseError() || !json.IsObject()) return std::nullopt;
  for (auto a = json.MemberBegin(); a != json.MemberEnd(); ++a) {
    if (json.FindMember(a->name) != a) return std::nullopt;
  }
  return json;
}

Result<void> check_header(const rapidjson::Document& header) {
  const auto algorithm = text_in(header, "alg");
  if (algorithm != "RS384" && algorithm != "ES384") return refused("alg must be RS384 or ES384");
  const auto type = text_in(header, "typ");
  if (type != "JWT" && type != "jwt") return refused("typ must be JWT");
  if (text_in(header, "kid").empty()) return refused("kid is missing");
  if (header.HasMember("crit")) return refused("crit is not understood");
  return {};
}

Result<void> check_times(const rapidjson::Document& claims, Instant now) {
  const auto until = time_in(claims, "exp");
  if (!until) return refused("exp must be an integer of seconds");
  if (*until + clock_difference <= now) return refused("exp is over");
  if (*until > now + longest_assertion + clock_difference) {
    return refused("exp is more than five minutes ahead");
  }
  for (const char* name : {"nbf", "iat"}) {
    if (!claims.HasMember(name)) continue;
    const auto at = time_in(claims, name);
    if (!at || *at > now + clock_difference) return refused("nbf or iat is in the future");
  }
  return {};
}

}  // namespace

Result<Assertion> check_assertion(std::string_view jws,
                                  const std::map<std::string, JwkSet, std::less<>>& keys,
                                  std::string_view token_url, Instant now) {
  const auto first = jws.find('.');
  const auto last = jws.rfind('.');
  if (jws.size() > longest_jws || first == std::string_view::npos || first == last) {
    return refused("client_assertion is no JWT");
  }
  const auto header = object_in(jws.substr(0, first));
  const auto claims = object_in(jws.substr(first + 1, last - first - 1));
  const auto signature = from_base64url(jws.substr(last + 1));
  if (!header || !claims || !signature) return refused("client_assertion is no JWT");
  if (auto good = check_header(*header); !good) return good.error();
  Assertion assertion;
  assertion.client = text_in(*claims, "iss");
  if (assertion.client.empty() || assertion.client != text_in(*claims, "sub")) {
    return refused("iss and sub must both be the client's id");
  }
  const auto known = keys.find(assertion.client);
  if (known == keys.end() || !known->second.verify(text_in(*header, "kid"), text_in(*header, "alg"),
                                                   jws.substr(0, last), *signature)) {
    return refused("no key of this client made the signature");
  }
  if (!is_for(*claims, token_url)) return refused("aud must be the URL of the token endpoint");
  if (auto good = check_times(*claims, now); !good) return good.error();
  assertion.until = *time_in(*claims, "exp");
  assertion.id = text_in(*claims, "jti");
  if (assertion.id.empty() || assertion.id.size() > longest_id) {
    return refused("jti must be 1 to 256 bytes long");
  }
  return assertion;
}

}  // namespace meridian::fhir
