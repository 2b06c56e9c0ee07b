// SPDX-License-Identifier: Apache-2.0
// Short texts that somebody else keeps for us and can neither read nor change.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meridian {

/// AES-256-GCM under a key that follows from `secret`, with a random nonce, in hexadecimal. It
/// opens only together with the same `bound`, which says what it is for. Source: NIST SP 800-38D; a
/// random nonce of 96 bits is good for 2^32 texts of one key.
std::string sealed(std::string_view secret, std::string_view bound, std::string_view plain);

/// Nothing for what we did not seal, or not for this.
std::optional<std::string> unsealed(std::string_view secret, std::string_view bound,
                                    std::string_view text);

}  // namespace meridian
