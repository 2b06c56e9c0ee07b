// SPDX-License-Identifier: Apache-2.0
// {{today-98d}} and its like in the sandbox's data, so that its patients never grow old.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/time.h"

namespace meridian::sandbox {

/// Replaces {{today-Nd}} by that day, {{now-Nh}} (also d and m for minutes, also +) by that
/// instant, {{v2-today-Nd}} and {{v2-now-Nh}} by the same as HL7 v2 writes them, and {{name}} by
/// what `names` says. Throws std::runtime_error on any other.
std::string fill_placeholders(std::string_view text, Instant now,
                              const std::map<std::string, std::string>& names);

}  // namespace meridian::sandbox
