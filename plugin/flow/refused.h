// SPDX-License-Identifier: Apache-2.0
// A configuration that was not taken, as this node remembers it until it takes one.
#pragma once

#include <string>
#include <string_view>

#include "flow/core.h"

namespace meridian::flow {

/// Keeps why; "" when a configuration was taken. Errors: store errors.
Result<void> keep_refused(const Core& core, std::string_view why);

/// When, and why; "" when there is nothing. Errors: store errors.
Result<std::string> refused_configuration(const Core& core);

}  // namespace meridian::flow
