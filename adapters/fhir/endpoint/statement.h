// SPDX-License-Identifier: Apache-2.0
// What the endpoint offers: CapabilityStatement-clinic-endpoint.json of fhir-profiles/guide.
#pragma once

#include <string>
#include <string_view>

#include "fhir/client/capabilities.h"

namespace meridian::fhir {

/// The file as it was when the program was built.
extern const std::string_view statement_file;

/// The same, read. Routes ask it what they may do, so that it is true.
const Capabilities& statement();

/// The file as that of one server. `base` is the URL of the endpoint.
std::string statement_json(std::string_view base, std::string_view software_version);

}  // namespace meridian::fhir
