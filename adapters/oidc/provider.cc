// SPDX-License-Identifier: Apache-2.0
#include "oidc/provider.h"

#include <algorithm>
#include <utility>

#include <rapidjson/document.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/log.h"
#include "http/uri.h"
#include "port/id_token.h"

namespace meridian::oidc {
namespace {

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "sign-in provider", what};
}

std::string text_in(const rapidjson::Document& json, const char* name) {
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsString()
             ? std::string(found->value.GetString(), found->value.GetStringLength())
             : std::string();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

constexpr const char* pkce_method =
    "S"
    "256";  // RFC 7636 section 4.3, and no clinical code

/// base64url of the SHA-256 of a verifier. Source: RFC 7636 section 4.2
std::string challenge_of(const std::string& verifier) {
  const auto digest = sha256(verifier);
  auto text = encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

using Fields = std::vector<std::pair<const char*, std::string>>;

std::string form_of(const Fields& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    form += (form.empty() ? "" : "&") + std::string(name) + "=" + http::percent_encode(value);
  }
  return form;
}

std::string with_query(const std::string& url, const Fields& fields) {
  return url + (url.find('?') == url.npos ? "?" : "&") + form_of(fields);
}

}  // namespace

Result<Provider::Places> Provider::places() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_();
  if (!places_.token.empty() && now < places_at_ + fresh) return places_;
  auto base = settings_.issuer;
  while (base.ends_with('/')) base.pop_back();
  const auto text = settings_.get(base + "/.well-known/openid-configuration");
  if (!text && !places_.token.empty()) return places_;  // those of before are better than none
  if (!text) return text.error();
  rapidjson::Document json;
  json.Parse(text->data(), text->size());
  if (json.HasParseError() || !json.IsObject() || text_in(json, "issuer") != settings_.issuer) {
    return refused("the provider's configuration is none, or names another issuer");
  }
  Places found{text_in(json, "authorization_endpoint"), text_in(json, "token_endpoint"),
               text_in(json, "jwks_uri"), text_in(json, "end_session_endpoint")};
  const auto names = json.FindMember("authorization_response_iss_parameter_supported");
  found.names_itself = names != json.MemberEnd() && names->value.IsTrue();
  if (found.authorize.empty() || found.token.empty() || found.keys.empty()) {
    return refused("the provider's configuration has no endpoints");
  }
  places_ = std::move(found);
  places_at_ = now;
  return places_;
}

Result<std::vector<std::string>> Provider::asked_at() {
  const auto found = places();
  if (!found) return found.error();
  return std::vector{found->token, found->keys};
}

Result<std::shared_ptr<const JwkSet>> Provider::keys(const Places& places,
                                                     const std::string& id_token) {
  const auto jwt = Jwt::read(id_token);
  if (!jwt) return refused("the id_token is no JWT");
  const std::lock_guard lock(mutex_);
  const auto now = clock_();
  const bool known = keys_ && keys_->has(jwt->header.text("kid"), jwt->header.text("alg"));
  const bool old = !keys_ || now >= keys_at_ + fresh;
  if (!old && (known || now < keys_at_ + pause)) return keys_;
  const auto text = settings_.get(places.keys);
  if (!text) {
    if (keys_) return keys_;
    return text.error();
  }
  auto read = JwkSet::parse_for_sign_in(*text);
  if (!read) return read.error();
  keys_ = std::make_shared<const JwkSet>(std::move(*read));
  keys_at_ = now;
  return keys_;
}

Result<std::string> Provider::address(const ProviderAsked& asked) {
  const auto found = places();
  if (!found) return found.error();
  return with_query(found->authorize, {{"response_type", "code"},
                                       {"client_id", settings_.client_id},
                                       {"redirect_uri", asked.back},
                                       {"scope", settings_.scopes},
                                       {"state", asked.state},
                                       {"nonce", asked.nonce},
                                       {"code_challenge", challenge_of(asked.verifier)},
                                       {"code_challenge_method", pkce_method},
                                       {"acr_values", joined(settings_.acr)}});
}

Result<std::string> Provider::id_token(const Places& places, const ProviderAsked& asked,
                                       const std::string& code) {
  const auto answer =
      settings_.post(places.token, form_of({{"grant_type", "authorization_code"},
                                            {"code", code},
                                            {"redirect_uri", asked.back},
                                            {"code_verifier", asked.verifier},
                                            {"client_id", settings_.client_id},
                                            {"client_secret", settings_.client_secret}}));
  if (!answer) return answer.error();
  if (answer->status != 200) {
    log(LogLevel::warning, "sign-in provider refused a code", {{"status", answer->status}});
    return refused("the provider does not take the code");
  }
  rapidjson::Document json;
  json.Parse(answer->body.data(), answer->body.size());
  if (json.HasParseError() || !json.IsObject()) return refused("the provider's answer is no JSON");
  return text_in(json, "id_token");
}

Result<JwtPart> Provider::claims(const ProviderAsked& asked, const ProviderAnswered& answered) {
  const auto found = places();
  if (!found) return found.error();
  const bool said = !answered.issuer.empty();
  if ((said && answered.issuer != settings_.issuer) || (!said && found->names_itself)) {
    return refused("the answer is from another provider");
  }
  const auto token = id_token(*found, asked, answered.code);
  if (!token) return token.error();
  const auto known = keys(*found, *token);
  if (!known) return known.error();
  return verify_id_token(*token, {settings_.issuer, settings_.client_id, asked.nonce}, **known,
                         clock_());
}

Result<std::string> Provider::sign_out_address(std::string_view back) {
  const auto found = places();
  if (!found) return found.error();
  if (found->sign_out.empty()) {
    return Error{ErrorCode::unsupported, "sign-in provider", "nobody can sign out there by us"};
  }
  return with_query(found->sign_out, {{"client_id", settings_.client_id},
                                      {"post_logout_redirect_uri", std::string(back)}});
}

}  // namespace meridian::oidc
