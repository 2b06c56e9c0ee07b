// SPDX-License-Identifier: Apache-2.0
// What the endpoint answers: resources, and an OperationOutcome for each refusal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "fhir/endpoint/view.h"
#include "http/response.h"

namespace meridian::fhir {

/// A refusal, or a note beside an answer.
struct Refusal {
  int status = 400;
  std::string code;   ///< http://hl7.org/fhir/R4/valueset-issue-type.html
  std::string words;  ///< for people; may quote the request of the one who gets them
};

/// An OperationOutcome of one issue.
std::string outcome_json(std::string_view severity, std::string_view code, std::string_view words);

http::Response answer_refused(const Refusal& refusal);
/// Of a failure of ours; what is in the store is not told.
Refusal refusal_of(const Error& error);

/// The same for what is not there, what is another clinic's, and what never was.
Refusal not_here();

/// JSON of FHIR, not to be cached.
http::Response answer_json(int status, std::string json);
/// A resource with ETag and Last-Modified; `version` 0 is the latest.
http::Response answer_held(int status, const Held& held, int version = 0);

/// W/"3"
std::string etag_of(int version);

}  // namespace meridian::fhir
