// SPDX-License-Identifier: Apache-2.0
// From an HTTP answer to what callers of the client see.
#pragma once

#include <string>
#include <string_view>

#include "fhir/client/fhir_client.h"
#include "fhir/client/http_message.h"
#include "fhir/client/outcome.h"
#include "fhir/client/retry.h"

namespace meridian::fhir::wire {

/// A response, and its outcome with the vendor's codes.
struct CodedResponse {
  Response response;
  Outcome outcome;
};

/// Takes the body. An error answer that is not FHIR JSON gets an issue that says what it was.
CodedResponse make_response(HttpAnswer answer, Precondition conditional, Instant now);

/// "Task/17" of a Location: absolute, relative, with or without _history; empty when there is none.
std::string reference_in_location(std::string_view location);

/// "Task/17" of a resource's own resourceType and id; empty when either is missing. Reads no
/// further than it must.
std::string reference_in_body(std::string_view json);

}  // namespace meridian::fhir::wire
