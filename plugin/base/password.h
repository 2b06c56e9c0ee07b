// SPDX-License-Identifier: Apache-2.0
// Passwords: what may be one, and how one is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meridian {

/// What a guess costs: scrypt (RFC 7914). The default takes 32 MB and about 0.2 s; source: OWASP
/// Password Storage Cheat Sheet, N = 2^15, r = 8, p = 3.
struct ScryptCost {
  std::uint64_t n = 1 << 15;
  std::uint32_t r = 8;
  std::uint32_t p = 3;
};

/// "scrypt$32768$8$3$SALT$HASH" with a new salt of 128 bits; salt and hash in hexadecimal.
std::string hash_password(std::string_view password, const ScryptCost& cost = {});

/// One of no password, for the time that looking at it takes.
std::string hash_of_nothing(const ScryptCost& cost = {});

/// Takes as long for a wrong password as for a right one. False for a hash that is none.
bool is_password(std::string_view password, std::string_view hash);

/// Why this may be no password: "short" (less than 12 characters), "long" (more than 128), "common"
/// (on the list of those that are tried first, a row of keys, or one character many times) or
/// "personal" (one of `words` with four characters or more is in it, whatever the case); "" when it
/// may. No other rules. Source: NIST SP 800-63B section 5.1.1.2.
std::string_view password_fault(std::string_view password,
                                const std::vector<std::string_view>& words);

}  // namespace meridian
