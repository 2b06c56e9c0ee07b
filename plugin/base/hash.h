// SPDX-License-Identifier: Apache-2.0
// SHA-2, HMAC and random bytes by OpenSSL EVP.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meridian {

using Sha256 = std::array<std::uint8_t, 32>;
using Sha512 = std::array<std::uint8_t, 64>;

Sha256 sha256(std::string_view bytes);
Sha512 sha512(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104). `key` may have any length.
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

/// Lower-case hexadecimal.
std::string hex(std::span<const std::uint8_t> bytes);

/// Fills with cryptographically strong random bytes; ends the process when the system has none.
void random_bytes(std::span<std::uint8_t> bytes);

}  // namespace meridian
