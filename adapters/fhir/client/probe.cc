// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/probe.h"

#include <algorithm>

namespace meridian::fhir::wire {
namespace {

Issue problem(std::string code, std::string path, std::string text) {
  return {Severity::error, std::move(code), std::move(path), std::move(text)};
}

/// What to do about an error, by its kind; the error says what is wrong.
std::string_view advice(const Error& error) {
  switch (error.code) {
    case ErrorCode::unavailable:
    case ErrorCode::timed_out:
    case ErrorCode::interrupted:
      return "check the server's address, DNS, the firewall and whether the server runs";
    case ErrorCode::untrusted:
      return "check the server's address against the name in its certificate, and set ca_file when "
             "its certificate is of an authority of its own";
    case ErrorCode::unauthorized:
      return "compare client_id, kid and algorithm with the registration, and check that the "
             "server can fetch or has our JWKS with that kid";
    case ErrorCode::forbidden:
      if (error.detail == 403) {
        return "check the tenant or practice in the server's address, then whether the server's "
               "administrator "
               "has allowed this client what it asks for";
      }
      return "ask the server's administrator to allow this client the backend services grant and "
             "to map it to a user";
    case ErrorCode::misconfigured:
      if (error.where.view() == "egress") return "see [egress] and what is said of it here";
      return "compare scopes with what the client is registered for";
    case ErrorCode::not_found:
      return "check the path in the server's address";
    default:
      return "see the server's documentation";
  }
}

Issue problem_of(const Error& error, std::string path) {
  std::string text(error.what.view());
  if (error.detail != 0) text += " (" + std::to_string(error.detail) + ")";
  return problem(std::string(error_row(error.code).fhir_issue), std::move(path),
                 text + ": " + std::string(advice(error)));
}

/// Fetches /metadata without credentials, as servers must allow. False when nothing answers there.
bool reach(Caller& caller, Issues& issues) {
  HttpRequest request;
  request.url = *caller.url_of("metadata");
  request.headers = {{"Accept", "application/fhir+json, application/json;q=0.9"}};
  const auto answer = caller.transport().send(request, true, caller.deadline());
  if (!answer) {
    issues.push_back(problem_of(answer.error(), "fhir"));
    return false;
  }
  if (auto skew = clock_skew(answer->header("date"), caller.now())) issues.push_back(*skew);
  return true;
}

void check_configuration(SmartAuth& smart, SteadyTime deadline, Issues& issues) {
  if (!smart.settings().token_url.empty()) return;
  const auto found = smart.discover(deadline);
  if (!found) {
    auto issue = problem_of(found.error(), "issuer");
    issue.text = ".well-known/smart-configuration: " + issue.text + "; or set issuer";
    issues.push_back(std::move(issue));
    return;
  }
  if (!smart.may_ask(found->token_endpoint)) {
    const auto url = parse_url(found->token_endpoint);
    issues.push_back(problem("security", "issuer",
                             ".well-known/smart-configuration names " + found->token_endpoint +
                                 ", and the configuration does not: add \"" + url->authority() +
                                 "\" to [egress] hosts if tokens come from there"));
    return;
  }
  const auto& algorithm = smart.settings().algorithm;
  if (!found->algorithms.empty() && !found->algorithms.contains(algorithm)) {
    issues.push_back(
        problem("not-supported", "algorithm",
                "the server does not list " + algorithm +
                    " among its signing algorithms: choose RS384 or ES384 as it does"));
  }
  if (!found->grant_types.empty() && !found->grant_types.contains("client_credentials")) {
    issues.push_back({Severity::warning, "not-supported", "auth",
                      "the server does not list client_credentials among its grants: ask whether "
                      "backend services are switched on"});
  }
}

/// False when no token can be had.
bool check_token(SmartAuth& smart, SteadyTime deadline, Issues& issues) {
  TokenNotes notes;
  const auto token = smart.request_token(deadline, notes);
  if (token) {
    issues.insert(issues.end(), token->issues.begin(), token->issues.end());
    return true;
  }
  auto issue = problem_of(token.error(), "auth");
  for (const auto& said : notes.said) issue.text += "; it said: " + said.text;
  issues.push_back(std::move(issue));
  return false;
}

void check_capabilities(Caller& caller,
                        const std::vector<std::pair<std::string, std::string>>& needed,
                        Issues& issues) {
  HttpRequest request;
  request.url = *caller.url_of("metadata");
  const auto answer = caller.call(request, {}, caller.deadline());
  if (!answer || answer->response.failure) {
    const Error error = answer ? *answer->response.failure : answer.error();
    issues.push_back(problem_of(error, "fhir"));
    return;
  }
  const auto found = read_capabilities(answer->response.body);
  if (!found) {
    issues.push_back(problem_of(found.error(), "fhir"));
    return;
  }
  if (!found->fhir_version.starts_with("4.0")) {
    issues.push_back(problem("not-supported", "fhir",
                             "the server speaks FHIR " + found->fhir_version +
                                 ", Meridian speaks R4 (4.0): use the server's R4 address"));
  }
  if (found->says_nothing()) {
    issues.push_back({Severity::warning, "incomplete", "fhir",
                      "/metadata lists no resource types: what the server can do is unknown"});
    return;
  }
  for (const auto& [type, interaction] : needed) {
    const bool there = type.empty() ? found->system_interactions.contains(interaction)
                                    : found->allows(type, interaction);
    if (there) continue;
    issues.push_back(problem("not-supported", "fhir",
                             "/metadata does not list " + interaction +
                                 (type.empty() ? " of the system" : " of " + type) +
                                 ": ask the server's administrator, or choose another dialect"));
  }
}

}  // namespace

Issues probe_server(Caller& caller,
                    const std::vector<std::pair<std::string, std::string>>& needed) {
  Issues issues;
  if (!reach(caller, issues)) return issues;
  if (SmartAuth* smart = caller.smart()) {
    check_configuration(*smart, caller.deadline(), issues);
    if (has_errors(issues) || !check_token(*smart, caller.deadline(), issues)) return issues;
  }
  check_capabilities(caller, needed, issues);
  return issues;
}

}  // namespace meridian::fhir::wire
