// SPDX-License-Identifier: Apache-2.0
#include "base/wall_clock.h"

namespace meridian {

std::string WallClock::words(Instant at) const {
  const auto text = to_string(local(at));
  return text.substr(0, 10) + ", " + text.substr(11, 5) + " " + zone;
}

std::string WallClock::until_words(Instant at) const {
  const auto shown = local(at);
  const auto day = std::chrono::floor<std::chrono::days>(shown);
  if (shown - day >= std::chrono::minutes(1)) return words(at);
  return "the end of " + to_string(day - std::chrono::days(1)) + ", " + zone;
}

}  // namespace meridian
