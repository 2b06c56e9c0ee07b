// SPDX-License-Identifier: Apache-2.0
#include "web/answer.h"

#include "report/outcome.h"

namespace meridian::web {
namespace {

constexpr std::string_view fhir_json = "application/fhir+json; charset=utf-8";

http::Response answer(int status, Severity severity, std::string_view code,
                      std::string_view words) {
  return outcome_text(
      status, report::outcome(Issues{{severity, std::string(code), "", std::string(words)}}));
}

/// FHIR issue codes of what the server says before a route does.
std::string_view code_of(int status) {
  switch (status) {
    case 404:
      return "not-found";
    case 405:
    case 501:
      return "not-supported";
    case 408:
      return "timeout";
    case 413:
    case 431:
      return "too-long";
    case 503:
      return "transient";
    case 500:
      return "exception";
    default:
      return "structure";
  }
}

}  // namespace

http::Response outcome(ErrorCode code, std::string_view words) {
  const auto& row = error_row(code);
  auto response = answer(row.http_status, Severity::error, row.fhir_issue, words);
  const bool busy = row.http_status == 503 || row.http_status == 507;
  if (busy) response.headers.push_back({"Retry-After", "5"});
  return response;
}

http::Response outcome_text(int status, std::string text) {
  auto response = http::make_response(status, fhir_json, std::move(text) + "\n");
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

http::Response note(int status, std::string_view words) {
  return answer(status, Severity::information, "informational", words);
}

http::Response outcome(const Error& error) {
  return outcome(error.code, error.what.view());
}

http::Response outcome_of_status(int status) {
  return answer(status, Severity::error, code_of(status), http::reason_phrase(status));
}

}  // namespace meridian::web
