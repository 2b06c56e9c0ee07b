// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/ehr.h"

#include "base/hash.h"
#include "fhir_server/ehr_pages.h"
#include "http/uri.h"

namespace meridian::sandbox {
namespace {

using http::Request;
using http::Response;

constexpr std::chrono::minutes code_life{1};  // as OAuth 2.1 section 7.5 has it at most: ten
constexpr std::chrono::minutes token_life{15};

std::string random_name() {
  std::string raw(24, '\0');
  random_bytes({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  return base64url(raw);
}

std::string seconds_of(Instant at) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
}

Response json(int status, const Json& body) {
  auto response = http::make_response(status, "application/json", body.dump());
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response oauth_error(const char* code, const std::string& text) {
  return json(400, Json::object({{"error", code}, {"error_description", text}}));
}

/// "http://127.0.0.1:8101" of the FHIR base.
std::string origin_of(const std::string& base) {
  return base.substr(0, base.find('/', base.find("://") + 3));
}

/// Where a browser may be sent: nothing that runs in the page that sends it.
bool is_web_address(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

std::string with(const std::string& place, const std::string& name, std::string_view value) {
  return place + (place.find('?') == std::string::npos ? "?" : "&") + name + "=" +
         http::percent_encode(value);
}

}  // namespace

http::Router Ehr::routes() {
  http::Router router;
  const auto add = [&](const char* method, const char* pattern, auto work) {
    router.add(
        {method, pattern, [this, work](const Request& request) { return (this->*work)(request); }});
  };
  add("GET", "/fhir/.well-known/smart-configuration", &Ehr::configuration);
  add("GET", "/ehr/keys", &Ehr::keys);
  add("GET", "/ehr/authorize", &Ehr::authorize);
  add("POST", "/ehr/token", &Ehr::token);
  add("GET", "/ehr", &Ehr::patients);
  add("GET", "/ehr/chart/{patient}", &Ehr::chart);
  return router;
}

Response Ehr::configuration(const Request&) const {
  const auto base = service_.settings().base;
  const auto at = origin_of(base) + "/ehr";
  return json(
      200, Json::object(
               {{"issuer", base},
                {"jwks_uri", at + "/keys"},
                {"authorization_endpoint", at + "/authorize"},
                {"token_endpoint", at + "/token"},
                {"grant_types_supported", Json::array({"authorization_code"})},
                {"response_types_supported", Json::array({"code"})},
                {"scopes_supported",
                 Json::array({"openid", "fhirUser", "launch", "user/*.read", "user/*.rs"})},
                {"capabilities", Json::array({"launch-ehr", "client-public", "sso-openid-connect",
                                              "context-ehr-patient", "context-banner"})},
                {"code_challenge_methods_supported", Json::array({"S256"})}}));
}

Response Ehr::keys(const Request&) const {
  return json(200, key_.public_keys());
}

Response Ehr::patients(const Request& request) const {
  const std::string app(request.query_value("app"));
  return ehr_page(list_page(service_.settings().name, chart_rows(service_.records()), app));
}

Response Ehr::chart(const Request& request) {
  const std::string app(request.query_value("app"));
  const auto row = chart_row(service_.records(), std::string(request.parameter("patient")));
  if (!row) return ehr_page(said_page("There is no such patient."), 404);
  if (row->user.empty()) return ehr_page(said_page("Nobody here could open an app."), 404);
  if (!is_web_address(app)) return ehr_page(said_page("The app has no web address."), 400);
  const auto launch = random_name();
  {
    const std::lock_guard lock(mutex_);
    launches_[launch] = {row->id, row->user, row->user_name};
  }
  const auto frame = with(with(app, "iss", service_.settings().base), "launch", launch);
  return ehr_page(chart_page(service_.settings().name, *row, frame));
}

Response Ehr::authorize(const Request& request) {
  const auto asked = [&](const char* name) { return std::string(request.query_value(name)); };
  const std::lock_guard lock(mutex_);
  const auto opened = launches_.find(asked("launch"));
  const auto redirect = asked("redirect_uri");
  if (!is_web_address(redirect)) return oauth_error("invalid_request", "redirect_uri");
  if (asked("response_type") != "code") return oauth_error("invalid_request", "response_type");
  if (asked("client_id").empty()) return oauth_error("invalid_request", "client_id");
  if (asked("state").empty()) return oauth_error("invalid_request", "state");
  if (opened == launches_.end()) return oauth_error("invalid_request", "launch");
  // An app that was sent here by somebody else's server would show its token to that one.
  if (asked("aud") != service_.settings().base) return oauth_error("invalid_request", "aud");
  if (asked("code_challenge_method") != "S256" || asked("code_challenge").empty()) {
    return oauth_error("invalid_request", "code_challenge");
  }
  const auto code = random_name();
  codes_[code] = {opened->second,          asked("client_id"), redirect,
                  asked("code_challenge"), asked("scope"),     asked("nonce"),
                  clock_() + code_life};
  auto response = http::make_response(302, "text/plain", "");
  response.headers.push_back(
      {"Location", with(with(redirect, "code", code), "state", asked("state"))});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response Ehr::token(const Request& request) {
  const auto form = http::parse_query(request.body);
  if (!form) return oauth_error("invalid_request", "the form cannot be read");
  const auto said = [&](const char* name) {
    return std::string(http::find_parameter(*form, name));
  };
  if (said("grant_type") != "authorization_code") {
    return oauth_error("unsupported_grant_type", "only authorization_code");
  }
  const std::lock_guard lock(mutex_);
  const auto found = codes_.extract(said("code"));  // good once, whatever comes of it
  if (found.empty()) return oauth_error("invalid_grant", "code");
  const auto& asked = found.mapped();
  const auto digest = sha256(said("code_verifier"));
  const auto challenge = base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
  if (asked.until < clock_()) return oauth_error("invalid_grant", "code");
  if (asked.client != said("client_id")) return oauth_error("invalid_grant", "client_id");
  if (asked.redirect != said("redirect_uri")) return oauth_error("invalid_grant", "redirect_uri");
  if (asked.challenge != challenge) return oauth_error("invalid_grant", "code_verifier");
  return json(200, granted(asked));
}

Json Ehr::granted(const Asked& asked) const {
  const auto now = clock_();
  const auto settings = service_.settings();
  Json claims = Json::object({{"iss", settings.base},
                              {"aud", asked.client},
                              {"sub", asked.opened.user},
                              {"name", asked.opened.name},
                              {"fhirUser", settings.base + "/" + asked.opened.user},
                              {"iat", Json::number(seconds_of(now))},
                              {"exp", Json::number(seconds_of(now + token_life))}});
  if (!asked.nonce.empty()) claims.set("nonce", asked.nonce);
  // The server knows one right to read: its own token, or everybody's where it asks for none.
  Json answer =
      Json::object({{"access_token", settings.token.empty() ? "anybody" : settings.token},
                    {"token_type", "Bearer"},
                    {"expires_in", static_cast<int>(std::chrono::seconds(token_life).count())},
                    {"scope", asked.scope},
                    {"patient", asked.opened.patient},
                    {"need_patient_banner", false}});
  const auto scopes = " " + asked.scope + " ";
  if (scopes.find(" openid ") != std::string::npos) answer.set("id_token", key_.sign(claims));
  return answer;
}

}  // namespace meridian::sandbox
