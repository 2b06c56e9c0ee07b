// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/smart.h"

#include "base/ids.h"
#include "base/log.h"
#include "fhir/endpoint/assertion.h"
#include "fhir/endpoint/statement.h"
#include "fhir/write/json_out.h"
#include "http/uri.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view jwt_bearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::string_view form = "application/x-www-form-urlencoded";

/// Words of a text with spaces between.
template <typename Each>
void each_word(std::string_view text, Each each) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) each(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// "system/Task.rs" in its parts.
struct Scope {
  std::string_view type;
  std::string_view letters;  ///< of "cruds"; empty: no scope of ours
};

/// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
Scope scope_of(std::string_view word) {
  constexpr std::string_view prefix = "system/";
  const auto dot = word.find('.');
  if (!word.starts_with(prefix) || dot == std::string_view::npos) return {};
  const auto type = word.substr(prefix.size(), dot - prefix.size());
  const auto given = word.substr(dot + 1);
  if (type != "*" && statement().types.count(type) == 0) return {};
  if (given == "read") return {type, "rs"};
  if (given == "write") return {type, "cud"};
  if (given == "*") return {type, "cruds"};
  std::size_t at = 0;  // letters in their order, each once
  for (const char c : given) {
    at = std::string_view("cruds").find(c, at);
    if (at == std::string_view::npos) return {};
    ++at;
  }
  return {type, given};
}

http::Response json(int status, std::string text) {
  auto response = http::make_response(status, "application/json", std::move(text));
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"Pragma", "no-cache"});
  return response;
}

http::Response refuse(int status, std::string_view error, std::string_view words) {
  return json(status,
              JsonOut().object().text("error", error).text("error_description", words).end().str());
}

/// True for a form; it may say its character set.
bool is_form(const http::Request& request) {
  const auto header = request.header("Content-Type");
  const auto name = header.substr(0, header.find(';'));
  return http::same_token(name, form);
}

/// A parameter sent twice is a mistake or an attack (RFC 6749 section 3.2).
bool is_twice(const http::Fields& fields) {
  for (const auto& a : fields) {
    for (const auto& b : fields) {
      if (&a != &b && a.name == b.name) return true;
    }
  }
  return false;
}

}  // namespace

std::string granted(std::string_view asked) {
  std::string scopes;
  each_word(asked, [&](std::string_view word) {
    if (scope_of(word).letters.empty()) return;
    scopes += (scopes.empty() ? "" : " ") + std::string(word);
  });
  return scopes;
}

bool allows(std::string_view scopes, std::string_view type, char interaction) {
  bool allowed = false;
  each_word(scopes, [&](std::string_view word) {
    const auto scope = scope_of(word);
    const bool covers = type.empty() || scope.type == "*" || scope.type == type;
    allowed = allowed || (covers && scope.letters.find(interaction) != std::string_view::npos);
  });
  return allowed;
}

http::Response SmartServer::configuration(std::string_view token_url) {
  JsonOut out;
  out.object().text("token_endpoint", token_url);
  out.list("token_endpoint_auth_methods_supported").element("private_key_jwt").end();
  out.list("token_endpoint_auth_signing_alg_values_supported");
  out.element("RS384").element("ES384").end();
  out.list("grant_types_supported").element("client_credentials").end();
  out.list("scopes_supported").element("system/*.rs").element("system/*.cruds");
  out.element("system/Task.rus").element("system/*.read").element("system/*.write").end();
  out.list("capabilities").element("client-confidential-asymmetric");
  out.element("permission-v1").element("permission-v2").end();
  return http::make_response(200, "application/json", out.end().str());
}

http::Response SmartServer::token(const http::Request& request, std::string_view token_url) const {
  if (!is_form(request)) return refuse(400, "invalid_request", "send a form");
  const auto fields = http::parse_query(request.body);
  if (!fields || is_twice(*fields)) {
    return refuse(400, "invalid_request", "the form is broken, or has a parameter twice");
  }
  const auto value = [&](std::string_view name) { return http::find_parameter(*fields, name); };
  if (value("grant_type") != "client_credentials") {
    return refuse(400, "unsupported_grant_type", "grant_type must be client_credentials");
  }
  if (value("client_assertion_type") != jwt_bearer) {
    return refuse(400, "invalid_request", "client_assertion_type must be jwt-bearer");
  }
  const auto now = clock_();
  const auto assertion = check_assertion(value("client_assertion"), keys_, token_url, now);
  if (!assertion) {
    log(LogLevel::warning, "http.assertion_refused", {{"why", assertion.error()}});
    return refuse(401, "invalid_client", assertion.error().what.view());
  }
  const auto scope = granted(value("scope"));
  if (scope.empty()) return refuse(400, "invalid_scope", "ask for a scope such as system/*.rs");
  // The desk asks for a clinic; which one plays no part in what is asked of it here.
  const Caller client{assertion->client, Role::clinic, assertion->client};
  const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(assertion->until - now +
                                                                          2 * clock_difference);
  const auto first = desk_.first(client, "jti|" + assertion->id, new_ulid(), span);
  if (!first) return refuse(503, "temporarily_unavailable", "try again in a moment");
  if (!*first) return refuse(401, "invalid_client", "jti was used before");
  const auto token = tokens_.issue({assertion->client, scope}, now + token_life);
  return json(200, JsonOut()
                       .object()
                       .text("access_token", token)
                       .text("token_type", "bearer")
                       .raw("expires_in", std::to_string(token_life.count()))
                       .text("scope", scope)
                       .end()
                       .str());
}

}  // namespace meridian::fhir
