// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/smart_auth.h"

#include <algorithm>
#include <charconv>

#include <rapidjson/document.h>

#include "base/read_file.h"
#include "fhir/client/scopes.h"

namespace meridian::fhir::wire {
namespace {

using std::chrono::seconds;

Error refused(ErrorCode code, Literal what, int status = 0) {
  return Error{code, "fhir token", what, status};
}

std::string string_member(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::set<std::string> string_list(const rapidjson::Value& object, const char* name) {
  std::set<std::string> out;
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsArray()) return out;
  for (const auto& item : found->value.GetArray()) {
    if (item.IsString()) out.emplace(item.GetString(), item.GetStringLength());
  }
  return out;
}

/// An object, or nothing.
bool parse_object(const std::string& json, rapidjson::Document& document) {
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  return !document.HasParseError() && document.IsObject();
}

/// Seconds, also where a server writes them as a string; 300, what SMART advises, when missing.
seconds expires_in(const rapidjson::Value& object) {
  const auto found = object.FindMember("expires_in");
  double value = 300;
  if (found != object.MemberEnd() && found->value.IsNumber()) value = found->value.GetDouble();
  if (found != object.MemberEnd() && found->value.IsString()) {
    const std::string_view text(found->value.GetString(), found->value.GetStringLength());
    std::from_chars(text.data(), text.data() + text.size(), value);
  }
  return seconds{static_cast<std::int64_t>(std::clamp(value, 0.0, 86'400.0))};
}

bool is_bearer(std::string type) {
  for (auto& c : type) c = static_cast<char>(c | 0x20);
  return type == "bearer";
}

/// RFC 6749 section 5.2.
Error oauth_error(const std::string& word, int status) {
  if (word == "invalid_client") {
    return refused(ErrorCode::unauthorized,
                   "the token server does not accept client_id, kid or key (invalid_client)",
                   status);
  }
  if (word == "unauthorized_client") {
    return refused(ErrorCode::forbidden,
                   "the client is known but not allowed client_credentials (unauthorized_client)",
                   status);
  }
  if (word == "invalid_scope") {
    return refused(ErrorCode::misconfigured, "the scopes are not allowed (invalid_scope)", status);
  }
  if (word == "unsupported_grant_type") {
    return refused(ErrorCode::unsupported,
                   "the token server does not offer client_credentials (unsupported_grant_type)",
                   status);
  }
  if (word == "invalid_grant" || word == "invalid_request" || word == "access_denied") {
    return refused(ErrorCode::unauthorized, "the token server refused the assertion", status);
  }
  const auto by_status = failure_of(status, {}, Precondition::none);
  if (by_status && error_row(by_status->code).retry != RetryClass::permanent) {
    return refused(by_status->code, "the token server is not available", status);
  }
  return refused(ErrorCode::unauthorized, "the token server refused", status);
}

Result<std::string> read_key(const SmartBackendAuth& settings) {
  if (!settings.key_pem.reveal().empty()) return settings.key_pem.reveal();
  auto key = read_file(settings.key_file);
  if (!key) return refused(ErrorCode::misconfigured, "the key file cannot be read");
  return std::move(*key);
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += encode_query(name) + "=" + encode_query(value);
  }
  return out;
}

}  // namespace

std::optional<Issue> clock_skew(std::string_view date_header, Instant now) {
  const auto theirs = parse_http_date(date_header);
  if (!theirs) return std::nullopt;
  const auto apart = std::chrono::duration_cast<seconds>(now - *theirs).count();
  if (apart >= -60 && apart <= 60) return std::nullopt;
  return Issue{Severity::warning, "processing", "clock",
               "this machine's clock and the server's are " + std::to_string(std::abs(apart)) +
                   " s apart (ours is " + (apart > 0 ? "ahead" : "behind") +
                   "); assertions may be refused: set the clock by NTP"};
}

SmartAuth::SmartAuth(SmartBackendAuth settings, SmartKey key, Url issuer,
                     SmartSurroundings surroundings)
    : settings_(std::move(settings)),
      key_(std::move(key)),
      issuer_(std::move(issuer)),
      surroundings_(std::move(surroundings)) {
  cache_key_ = issuer_.text() + " " + settings_.token_url + " " + settings_.client_id + " " +
               key_.kid() + " " + sorted_scopes(settings_.scopes);
}

Result<std::unique_ptr<SmartAuth>> SmartAuth::create(SmartBackendAuth settings, const Url& base,
                                                     SmartSurroundings surroundings) {
  const auto misconfigured = [](Literal what) { return refused(ErrorCode::misconfigured, what); };
  if (settings.client_id.empty()) return misconfigured("client_id is missing");
  const auto issuer =
      settings.issuer.empty() ? std::optional<Url>(base) : parse_url(settings.issuer);
  if (!issuer) return misconfigured("issuer is not a URL");
  for (const auto& url : {settings.issuer, settings.token_url}) {
    const auto parsed = parse_url(url);
    if (url.empty()) continue;
    if (!parsed) return misconfigured("token_url is not a URL");
    if (!may_connect(*parsed, surroundings.allow_plain_http)) {
      return misconfigured("issuer and token_url must be https");
    }
  }
  auto pem = read_key(settings);
  if (!pem) return pem.error();
  auto key = SmartKey::from_pem(*pem, settings.algorithm, settings.kid);
  if (!key) return key.error();
  return std::unique_ptr<SmartAuth>(
      new SmartAuth(std::move(settings), std::move(*key), *issuer, std::move(surroundings)));
}

Result<SmartConfiguration> SmartAuth::discover(SteadyTime deadline) {
  HttpRequest request;
  request.url = issuer_;
  request.url.query.clear();
  while (request.url.path.ends_with('/')) request.url.path.pop_back();
  request.url.path += "/.well-known/smart-configuration";
  request.headers = {{"Accept", "application/json"}};
  auto answer = surroundings_.transport.send(request, true, deadline);
  if (!answer) return answer.error();
  if (const auto failure = failure_of(answer->status, {}, Precondition::none)) return *failure;
  rapidjson::Document document;
  if (!parse_object(answer->body, document)) {
    return refused(ErrorCode::malformed, "smart-configuration is not a JSON object");
  }
  SmartConfiguration out;
  out.token_endpoint = string_member(document, "token_endpoint");
  out.algorithms = string_list(document, "token_endpoint_auth_signing_alg_values_supported");
  out.grant_types = string_list(document, "grant_types_supported");
  const auto url = parse_url(out.token_endpoint);
  if (!url) return refused(ErrorCode::malformed, "smart-configuration names no token_endpoint");
  if (!may_connect(*url, surroundings_.allow_plain_http)) {
    return refused(ErrorCode::untrusted, "smart-configuration names a token_endpoint without TLS");
  }
  const std::scoped_lock lock(mutex_);
  discovered_ = out.token_endpoint;
  return out;
}

bool SmartAuth::may_ask(const std::string& url) const {
  const auto parsed = parse_url(url);
  return parsed && surroundings_.egress->names(parsed->host, parsed->port);
}

Result<std::string> SmartAuth::token_url(SteadyTime deadline) {
  if (!settings_.token_url.empty()) return settings_.token_url;
  {
    const std::scoped_lock lock(mutex_);
    if (!discovered_.empty()) return discovered_;
  }
  auto configuration = discover(deadline);
  if (!configuration) return configuration.error();
  return configuration->token_endpoint;
}

Result<HttpRequest> SmartAuth::token_request(const std::string& url) const {
  const auto assertion =
      key_.sign(assertion_claims(settings_.client_id, url, surroundings_.clock()));
  if (!assertion) return assertion.error();
  HttpRequest request;
  request.method = "POST";
  request.url = *parse_url(url);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body =
      form({{"grant_type", "client_credentials"},
            {"scope", settings_.scopes},
            {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
            {"client_assertion", *assertion}});
  return request;
}

Result<Token> SmartAuth::read_token(const HttpAnswer& answer, Instant asked_at,
                                    TokenNotes& notes) const {
  rapidjson::Document document;
  const bool object = parse_object(answer.body, document);
  if (answer.status != 200) {
    const std::string word = object ? string_member(document, "error") : "";
    const std::string said = object ? string_member(document, "error_description") : "";
    notes.retry_after = parse_retry_after(answer.header("retry-after"), surroundings_.clock());
    notes.said.push_back(
        {Severity::error, "login", "auth",
         "HTTP " + std::to_string(answer.status) + " " + word + (said.empty() ? "" : ": " + said)});
    return oauth_error(word, answer.status);
  }
  if (!object) return refused(ErrorCode::malformed, "the token answer is not a JSON object");
  Token token;
  token.value = Sensitive(string_member(document, "access_token"));
  if (token.value.reveal().empty() || !is_bearer(string_member(document, "token_type"))) {
    return refused(ErrorCode::malformed, "the token answer holds no bearer token");
  }
  const seconds life = expires_in(document);
  const seconds margin = std::min(std::max(seconds{30}, life / 10), life / 2);
  token.expires_at = asked_at + life;
  token.refresh_at = token.expires_at - margin;
  if (document.HasMember("scope")) {
    for (const auto& scope : missing_scopes(settings_.scopes, string_member(document, "scope"))) {
      token.issues.push_back({Severity::warning, "forbidden", "auth.scopes",
                              "asked for the scope " + scope + ", which was not granted"});
    }
  }
  if (auto skew = clock_skew(answer.header("date"), surroundings_.clock())) {
    token.issues.push_back(std::move(*skew));
  }
  return token;
}

Result<Token> SmartAuth::request_token(SteadyTime deadline, TokenNotes& notes) {
  const auto url = token_url(deadline);
  if (!url) return url.error();
  const auto request = token_request(*url);
  if (!request) return request.error();
  const Instant asked_at = surroundings_.clock();
  const auto answer = surroundings_.transport.send(*request, false, deadline);
  if (!answer) return answer.error();
  auto token = read_token(*answer, asked_at, notes);
  if (!token && (answer->status == 404 || answer->status == 410)) {
    const std::scoped_lock lock(mutex_);
    discovered_.clear();  // it has moved: look it up again next time
  }
  return token;
}

Result<Token> SmartAuth::fetch(SteadyTime deadline) {
  Result<Token> token = refused(ErrorCode::internal, "no attempt was made");
  const auto attempt = [&] {
    TokenNotes notes;
    token = request_token(deadline, notes);  // with a new assertion each time
    return token ? Attempt{} : Attempt{token.error(), notes.retry_after};
  };
  with_retries(
      surroundings_.limits, deadline, surroundings_.waiter, [] { return true; }, attempt);
  if (!token && error_row(token.error().code).retry == RetryClass::ambiguous) {
    // Of the token request; the request it is for has not been sent.
    return refused(ErrorCode::unavailable, "the token server did not answer");
  }
  return token;
}

Result<Token> SmartAuth::token(SteadyTime deadline) {
  return surroundings_.tokens->get(cache_key_, surroundings_.clock,
                                   {settings_.minimum_gap, surroundings_.renewal_gap},
                                   [&] { return fetch(deadline); });
}

}  // namespace meridian::fhir::wire
