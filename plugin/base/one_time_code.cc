// SPDX-License-Identifier: Apache-2.0
#include "base/one_time_code.h"

#include <array>
#include <cstdlib>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hash.h"
#include "base/same_secret.h"

namespace meridian {
namespace {

constexpr std::chrono::seconds step_length{30};

std::string digits_of(std::string_view code) {
  std::string digits;
  for (const char c : code) {
    if (c != ' ' && c != '\t') digits.push_back(c);
  }
  return digits;
}

}  // namespace

std::string new_code_key() {
  std::array<std::uint8_t, 20> bytes;
  random_bytes(bytes);
  return {bytes.begin(), bytes.end()};
}

// RFC 4226 section 5.3: the last four bits say where the 31 bits are that count.
std::string one_time_code(std::string_view key, std::int64_t step, int digits) {
  std::array<std::uint8_t, 8> counter;
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  }
  std::array<std::uint8_t, 20> mac;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(),
           mac.data(), nullptr) == nullptr) {
    std::abort();
  }
  const std::size_t at = mac.back() & 0xf;
  std::uint32_t number = mac[at] & 0x7f;
  for (std::size_t i = 1; i < 4; ++i) number = number << 8 | mac[at + i];
  std::string code;
  for (int i = 0; i < digits; ++i, number /= 10) {
    code.insert(code.begin(), static_cast<char>('0' + number % 10));
  }
  return code;
}

std::int64_t code_step(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()) / step_length;
}

std::optional<std::int64_t> step_of_code(std::string_view key, std::string_view code, Instant at) {
  const auto given = digits_of(code);
  std::optional<std::int64_t> found;
  for (const std::int64_t offset : {-1, 0, 1}) {
    const auto step = code_step(at) + offset;
    if (same_secret(given, one_time_code(key, step))) found = step;
  }
  return found;
}

std::string encode_base32(std::string_view bytes) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) text.push_back(alphabet[bits >> (count - 5) & 31]);
  }
  if (count > 0) text.push_back(alphabet[bits << (5 - count) & 31]);
  return text;
}

}  // namespace meridian
