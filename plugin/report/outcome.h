// SPDX-License-Identifier: Apache-2.0
// Issues and errors as a FHIR OperationOutcome.
// Source: http://hl7.org/fhir/R4/operationoutcome.html
#pragma once

#include <string>

#include "base/error.h"
#include "model/issue.h"

namespace meridian::report {

std::string outcome(const Issues& issues);
std::string outcome(const Error& error);

}  // namespace meridian::report
