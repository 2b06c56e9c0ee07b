// SPDX-License-Identifier: Apache-2.0
// Codes of six digits that change every thirty seconds: TOTP (RFC 6238) with HMAC-SHA-1, which is
// what every authenticator app knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace meridian {

/// 160 random bits (RFC 4226 section 4, R6), as raw bytes.
std::string new_code_key();

/// The code of a step: six digits, or as many as asked for up to eight.
std::string one_time_code(std::string_view key, std::int64_t step, int digits = 6);

/// Number of the thirty seconds that an instant falls into.
std::int64_t code_step(Instant at);

/// The step whose code this is, among that of `at` and its neighbours (RFC 6238 section 5.2);
/// nothing when it is none of them. White space in the code does not count. Takes the same time for
/// each. Whoever asks must not take a step twice.
std::optional<std::int64_t> step_of_code(std::string_view key, std::string_view code, Instant at);

/// RFC 4648 without padding, as authenticator apps take a secret.
std::string encode_base32(std::string_view bytes);

}  // namespace meridian
