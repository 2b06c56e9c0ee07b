// SPDX-License-Identifier: Apache-2.0
// What messages are for: MSH-11.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meridian::hl7v2 {

/// MSH-11.1 (HL7 table 0103: P, T or D) of each message of a batch, as written; messages that say
/// none are left out. Pure.
std::vector<std::string> processing_ids(std::string_view bytes);

}  // namespace meridian::hl7v2
