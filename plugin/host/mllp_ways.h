// SPDX-License-Identifier: Apache-2.0
// How a configured system that takes HL7 v2 is reached.
#pragma once

#include "hl7v2/mllp/sender.h"
#include "host/config.h"

namespace meridian::host {

hl7v2::SenderSettings mllp_settings(const Config& config, const PeerConfig& given);

/// Connects to each system that is sent HL7 v2 from here and sends it nothing; each that cannot be
/// reached is an issue with its fix.
void probe_mllp(const Config& config, Issues& issues);

}  // namespace meridian::host
