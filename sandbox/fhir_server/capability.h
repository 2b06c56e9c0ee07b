// SPDX-License-Identifier: Apache-2.0
// GET /metadata.
#pragma once

#include "base/time.h"
#include "fhir_server/json.h"
#include "fhir_server/settings.h"

namespace meridian::sandbox {

/// What this server can do, as a CapabilityStatement; leaves out what its settings refuse.
Json make_capability_statement(const ServerSettings& settings, Instant now);

}  // namespace meridian::sandbox
