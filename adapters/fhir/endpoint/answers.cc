// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/answers.h"

#include "fhir/write/json_out.h"

namespace meridian::fhir {

std::string outcome_json(std::string_view severity, std::string_view code, std::string_view words) {
  JsonOut out;
  out.object().text("resourceType", "OperationOutcome").list("issue").object();
  out.text("severity", severity).text("code", code).text("diagnostics", words);
  return out.end().end().end().str();
}

http::Response answer_refused(const Refusal& refusal) {
  auto response = answer_json(refusal.status, outcome_json("error", refusal.code, refusal.words));
  if (refusal.status == 503) response.headers.push_back({"Retry-After", "5"});
  return response;
}

Refusal refusal_of(const Error& error) {
  if (error.code == ErrorCode::not_found) return not_here();
  const auto& row = error_row(error.code);
  return {row.http_status, std::string(row.fhir_issue), std::string(error.what.view())};
}

Refusal not_here() {
  return {404, "not-found", "there is no such resource here for this client"};
}

http::Response answer_json(int status, std::string json) {
  auto response =
      http::make_response(status, "application/fhir+json; charset=utf-8", std::move(json));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

http::Response answer_held(int status, const Held& held, int version) {
  const auto number = version == 0 ? held.version() : version;
  auto response = answer_json(status, held.json(number));
  response.headers.push_back({"ETag", etag_of(number)});
  response.headers.push_back(
      {"Last-Modified", http::http_date(held.versions[static_cast<std::size_t>(number) - 1].at)});
  return response;
}

std::string etag_of(int version) {
  return "W/\"" + std::to_string(version) + "\"";
}

}  // namespace meridian::fhir
