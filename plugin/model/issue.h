// SPDX-License-Identifier: Apache-2.0
// A problem found in somebody's data, in the words of FHIR's OperationOutcome.
#pragma once

#include <string>
#include <vector>

namespace meridian {

enum class Severity { information, warning, error, fatal };

/// One problem. All problems of an input are collected; none stops the others from being found.
/// Source: http://hl7.org/fhir/R4/operationoutcome.html
struct Issue {
  Severity severity = Severity::warning;
  std::string code;  ///< http://hl7.org/fhir/R4/valueset-issue-type.html
  std::string path;  ///< FHIRPath-like: Bundle.entry[3].resource.onsetDateTime, or file:line
  std::string text;  ///< what was found and what was expected; may quote data: never log it
};

using Issues = std::vector<Issue>;

/// "information", "warning", "error", "fatal".
const char* severity_name(Severity severity);

/// True when an issue of severity error or fatal is among them.
bool has_errors(const Issues& issues);

}  // namespace meridian

#ifndef NDEBUG  // compiled once, in compiled_once.cc
extern template class std::vector<meridian::Issue>;
#endif
