// SPDX-License-Identifier: Apache-2.0
// Answers that were typed on our own form, as a QuestionnaireResponse to our Questionnaire.
// Source: http://hl7.org/fhir/R4/questionnaireresponse.html
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace meridian::report {

inline constexpr const char* screening_media_type = "application/fhir+json";

struct TypedAnswers {
  std::string id;       ///< of the resource: A-Z, a-z, 0-9, "-" and ".", at most 64
  std::string subject;  ///< "Patient/1" at the source
  std::string author;   ///< as typed
  Instant authored;
  std::vector<std::pair<std::string, std::string>> values;  ///< linkId; yes, no or unknown
};

/// An unknown answer is an item whose value says why it is absent.
std::string screening_response(const TypedAnswers& typed);

}  // namespace meridian::report
