// SPDX-License-Identifier: Apache-2.0
// How long a launch waits for the EHR: a person sits before it.
#pragma once

#include "fhir/client/client_settings.h"

namespace meridian::fhir {

inline ClientLimits launch_limits() {
  ClientLimits limits;
  limits.connect = std::chrono::seconds(3);
  limits.attempt = limits.total = std::chrono::seconds(8);
  limits.attempts = 1;
  limits.response_bytes = 1 << 20;
  return limits;
}

}  // namespace meridian::fhir
