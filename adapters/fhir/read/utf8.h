// SPDX-License-Identifier: Apache-2.0
// UTF-8 validation at memory speed.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace meridian::fhir_read {

/// The offset of the first byte that is not part of valid UTF-8; nothing when all is valid.
std::optional<std::size_t> utf8_error(std::string_view text);

}  // namespace meridian::fhir_read
