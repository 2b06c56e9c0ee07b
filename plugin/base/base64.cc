// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <array>
#include <cstdint>

#include <openssl/evp.h>

namespace meridian {
namespace {

constexpr std::uint8_t no_digit = 64;
constexpr std::uint8_t ignored = 65;  // has the bit of no_digit too

constexpr std::array<std::uint8_t, 256> base64_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  for (const char c : std::string_view(" \t\r\n")) digits[static_cast<unsigned char>(c)] = ignored;
  return digits;
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
  static constexpr auto digits = base64_digits();
  const auto digit_at = [&](std::size_t at) -> std::uint32_t {
    return digits[static_cast<unsigned char>(text[at])];
  };
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  char* out = bytes.data();
  const auto put = [&out](std::uint32_t value) { *out++ = static_cast<char>(value); };
  std::uint32_t group = 0;
  unsigned count = 0;  // digits in `group`
  std::size_t at = 0;
  for (; at < text.size() && text[at] != '='; ++at) {
    // Four digits at once wherever nothing else stands between them.
    while (count == 0 && at + 4 <= text.size()) {
      const auto a = digit_at(at), b = digit_at(at + 1), c = digit_at(at + 2), d = digit_at(at + 3);
      if (((a | b | c | d) & no_digit) != 0) break;
      put(a << 2 | b >> 4);
      put(b << 4 | c >> 2);
      put(c << 6 | d);
      at += 4;
    }
    if (at == text.size() || text[at] == '=') break;
    const auto digit = digit_at(at);
    if (digit == ignored) continue;
    if (digit == no_digit) return std::nullopt;
    group = group << 6 | digit;
    if (++count < 4) continue;
    put(group >> 16);
    put(group >> 8);
    put(group);
    count = 0;
  }
  if (text.find_first_not_of("= \t\r\n", at) != std::string_view::npos) return std::nullopt;
  if (count == 1) return std::nullopt;
  if (count == 2) put(group >> 4);
  if (count == 3) {
    put(group >> 10);
    put(group >> 2);
  }
  bytes.resize(static_cast<std::size_t>(out - bytes.data()));
  return bytes;
}

}  // namespace meridian
