// SPDX-License-Identifier: Apache-2.0
// Bytes that travel as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meridian {

/// Base64 (RFC 4648) with padding, on one line.
std::string encode_base64(std::string_view bytes);

/// Base64 (RFC 4648), white space ignored; nothing when it is none.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace meridian
