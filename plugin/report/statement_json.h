// SPDX-License-Identifier: Apache-2.0
// What a named person stated on a page of ours, as a QuestionnaireResponse.
// Source: http://hl7.org/fhir/R4/questionnaireresponse.html
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace meridian::report {

struct Statement {
  std::string id;                  ///< of the resource: A-Z, a-z, 0-9, "-" and ".", at most 64
  std::string_view questionnaire;  ///< canonical URL: what kind of statement it is
  std::string subject;             ///< "Patient/1" at the source
  std::string order;               ///< "ServiceRequest/5" at the source
  std::string author;              ///< as typed
  Instant authored;
  std::vector<std::pair<std::string, std::vector<std::string>>> items;  ///< linkId and its texts
};

std::string statement_response(const Statement& statement);

}  // namespace meridian::report
