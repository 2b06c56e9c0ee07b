// SPDX-License-Identifier: Apache-2.0
#include "port/access_tokens.h"

#include <charconv>

#include <openssl/crypto.h>

#include "base/hash.h"

namespace meridian {
namespace {

std::string hexed(std::string_view text) {
  return hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// Precondition: hexed() made it.
std::string unhexed(std::string_view digits) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string text;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    text += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
  }
  return text;
}

}  // namespace

std::string AccessTokens::issue(const Grant& grant, Instant until) const {
  const auto text = hexed(grant.client) + "." + hexed(grant.scope) + "." +
                    std::to_string(until.time_since_epoch().count());
  return text + "." + signature(text);
}

std::optional<AccessTokens::Grant> AccessTokens::read(std::string_view token, Instant now) const {
  const auto dot = token.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto text = token.substr(0, dot);
  const auto given = token.substr(dot + 1);
  const auto expected = signature(text);
  if (given.size() != expected.size() ||
      CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0) {
    return std::nullopt;
  }
  const auto first = text.find('.');  // from here on it is what we wrote
  const auto second = text.rfind('.');
  std::int64_t until = 0;
  std::from_chars(text.data() + second + 1, text.data() + text.size(), until);
  if (now >= Instant(std::chrono::milliseconds(until))) return std::nullopt;
  return Grant{unhexed(text.substr(0, first)), unhexed(text.substr(first + 1, second - first - 1))};
}

std::string AccessTokens::signature(std::string_view text) const {
  return hex(hmac_sha256(secret_, "access|" + std::string(text)));
}

}  // namespace meridian
