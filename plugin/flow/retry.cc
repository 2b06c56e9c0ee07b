// SPDX-License-Identifier: Apache-2.0
#include "flow/retry.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/hash.h"

namespace meridian::flow {

std::chrono::milliseconds retry_delay(const Settings& settings, int attempts, double dice) {
  const auto cap = static_cast<double>(settings.longest_retry.count());
  double whole = static_cast<double>(settings.first_retry.count());
  for (int i = 0; i < attempts && whole < cap; ++i) whole *= 2;
  whole = std::min(whole, cap);
  return std::chrono::milliseconds(static_cast<std::int64_t>(whole / 2 + whole / 2 * dice));
}

std::chrono::milliseconds retry_delay(const Settings& settings, int attempts) {
  std::array<std::uint8_t, 2> bytes;
  random_bytes(bytes);
  return retry_delay(settings, attempts, (bytes[0] * 256 + bytes[1]) / 65536.0);
}

}  // namespace meridian::flow
