// SPDX-License-Identifier: Apache-2.0
#include "report/outcome.h"

#include "report/json.h"

namespace meridian::report {

std::string outcome(const Issues& issues) {
  Json json;
  json.open();
  json.text("resourceType", "OperationOutcome");
  json.open_list("issue");
  if (issues.empty()) {
    json.open();
    json.text("severity", "information");
    json.text("code", "informational");
    json.close();
  }
  for (const auto& issue : issues) {
    json.open();
    json.text("severity", severity_name(issue.severity));
    json.text("code", issue.code);
    if (!issue.text.empty()) json.text("diagnostics", issue.text);
    if (!issue.path.empty()) json.list("expression", {issue.path});
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

std::string outcome(const Error& error) {
  Issue issue{Severity::error, std::string(error_row(error.code).fhir_issue), "",
              std::string(error.where.view()) + ": " + std::string(error.what.view())};
  if (error.detail != 0) issue.text += " (" + std::to_string(error.detail) + ")";
  return outcome(Issues{issue});
}

}  // namespace meridian::report
