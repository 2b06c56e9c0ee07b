// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>

#include "base/hash.h"
#include "base/time.h"

namespace meridian {
namespace {

using UlidBytes = std::array<std::uint8_t, 16>;

/// Six bytes of time, ten random ones. Within one millisecond the last one plus one, so that ids of
/// one process sort in the order in which they were made (the ULID specification's monotonicity).
UlidBytes next_ulid() {
  static std::mutex mutex;
  static UlidBytes last{};
  UlidBytes bytes;
  random_bytes(bytes);
  const auto ms = static_cast<std::uint64_t>(system_now().time_since_epoch().count());
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  const std::lock_guard lock(mutex);
  if (bytes <= last) {  // the same millisecond, or a clock that was set back
    bytes = last;
    for (int i = 15; i >= 0 && ++bytes[i] == 0;) --i;
  }
  last = bytes;
  return bytes;
}

/// Crockford base 32.
std::string encoded(const UlidBytes& bytes) {
  constexpr char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text(26, '0');
  // 128 bits in groups of five, from the low end; the first character carries three.
  unsigned carry = 0;
  int bits = 0;
  int at = 25;
  for (int i = 15; i >= 0; --i) {
    carry |= unsigned{bytes[i]} << bits;
    for (bits += 8; bits >= 5; bits -= 5, carry >>= 5) text[at--] = alphabet[carry & 31];
  }
  if (at >= 0) text[at] = alphabet[carry & 31];
  return text;
}

}  // namespace

std::string new_ulid() {
  return encoded(next_ulid());
}

std::string keyed_id(std::string_view key, std::string_view text) {
  const auto mac = hmac_sha256(key, text);
  UlidBytes bytes;
  std::copy_n(mac.begin(), bytes.size(), bytes.begin());
  return encoded(bytes);
}

}  // namespace meridian
