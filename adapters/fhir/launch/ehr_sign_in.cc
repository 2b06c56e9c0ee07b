// SPDX-License-Identifier: Apache-2.0
#include "fhir/launch/ehr_sign_in.h"

#include <rapidjson/document.h>

#include "fhir/client/fetch_json.h"
#include "fhir/client/origin.h"
#include "fhir/launch/limits.h"

namespace meridian::fhir {
namespace {

std::string text_in(const rapidjson::Value& json, const char* name) {
  if (!json.IsObject()) return {};
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

bool lists(const rapidjson::Value& json, const char* name, std::string_view value) {
  const auto found = json.FindMember(name);
  if (found == json.MemberEnd() || !found->value.IsArray()) return false;
  for (const auto& each : found->value.GetArray()) {
    if (each.IsString() && each.GetString() == value) return true;
  }
  return false;
}

bool is_reachable(const std::string& place) {
  const auto url = wire::parse_url(place);
  return url && wire::may_connect(*url, false);
}

std::string below(std::string base, std::string_view path) {
  while (base.ends_with('/')) base.pop_back();
  return base + std::string(path);
}

}  // namespace

bool same_base(std::string_view one, std::string_view other) {
  auto a = wire::parse_url(one);
  auto b = wire::parse_url(other);
  if (!a || !b || !wire::same_origin(*a, *b) || !a->query.empty() || !b->query.empty()) {
    return false;
  }
  for (auto* url : {&*a, &*b}) {
    if (url->path.ends_with('/')) url->path.pop_back();
  }
  return a->path == b->path;
}

Result<SignInPlaces> read_places(const std::string& smart, const std::string& openid) {
  rapidjson::Document json;
  json.Parse(smart.data(), smart.size());
  if (json.HasParseError() || !json.IsObject()) {
    return Error{ErrorCode::malformed, "smart", "smart-configuration is not a JSON object"};
  }
  rapidjson::Document more;
  more.Parse(openid.data(), openid.size());
  SignInPlaces places{text_in(json, "authorization_endpoint"), text_in(json, "token_endpoint"),
                      text_in(json, "issuer"), text_in(json, "jwks_uri")};
  if (!more.HasParseError()) {
    if (places.issuer.empty()) places.issuer = text_in(more, "issuer");
    if (places.jwks_uri.empty()) places.jwks_uri = text_in(more, "jwks_uri");
  }
  for (const auto* place : {&places.authorization_endpoint, &places.token_endpoint}) {
    if (place->empty()) {
      return Error{ErrorCode::malformed, "smart", "smart-configuration names no place to sign in"};
    }
  }
  for (const auto* place :
       {&places.authorization_endpoint, &places.token_endpoint, &places.jwks_uri}) {
    if (!place->empty() && !is_reachable(*place)) {
      return Error{ErrorCode::untrusted, "smart", "smart-configuration names a place without TLS"};
    }
  }
  if (!lists(json, "code_challenge_methods_supported", "S256")) {
    return Error{ErrorCode::untrusted, "smart", "the EHR does not list PKCE with S256"};
  }
  return places;
}

Result<SignInPlaces> EhrSignIn::places_of(const LaunchHospital& hospital) {
  {
    const std::scoped_lock lock(mutex_);
    const auto known = known_.find(hospital.source);
    if (known != known_.end() && clock_() - known->second.read_at < fresh) {
      return known->second.places;
    }
  }
  const auto smart = fetch_json(below(hospital.iss, "/.well-known/smart-configuration"),
                                hospital.ca_file, launch_limits(), hospital.egress);
  if (!smart) return smart.error();
  auto places = read_places(*smart, {});
  if (places && (places->issuer.empty() || places->jwks_uri.empty())) {
    const auto at = places->issuer.empty() ? hospital.iss : places->issuer;
    const auto openid = fetch_json(below(at, "/.well-known/openid-configuration"), hospital.ca_file,
                                   launch_limits(), hospital.egress);
    if (!openid) return openid.error();
    places = read_places(*smart, *openid);
  }
  if (!places) return places.error();
  if (places->issuer.empty() || places->jwks_uri.empty()) {
    return Error{ErrorCode::malformed, "smart", "the EHR does not say who signs its id_tokens"};
  }
  const std::scoped_lock lock(mutex_);
  known_[hospital.source] = {*places, clock_()};
  return places;
}

}  // namespace meridian::fhir
