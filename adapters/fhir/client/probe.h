// SPDX-License-Identifier: Apache-2.0
// What stands between us and a server, in words for whoever has to mend it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fhir/client/caller.h"

namespace meridian::fhir::wire {

/// See FhirClient::probe. Asks once each, without retries, and stops where going on is pointless.
Issues probe_server(Caller& caller, const std::vector<std::pair<std::string, std::string>>& needed);

}  // namespace meridian::fhir::wire
