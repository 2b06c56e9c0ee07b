// SPDX-License-Identifier: Apache-2.0
// The clock on a site's wall: what people there read.
#pragma once

#include <functional>
#include <string>

#include "base/time.h"

namespace meridian {

/// Local time as if it were UTC, and back. Without more it shows UTC.
struct WallClock {
  std::function<Instant(Instant)> local = [](Instant at) { return at; };
  std::function<Instant(Instant)> instant = [](Instant there) { return there; };
  std::string zone = "UTC";  ///< its name in the IANA database

  /// "2026-11-20, 05:15 America/New_York".
  std::string words(Instant at) const;
  /// As `words`; of midnight "the end of 2026-11-19, America/New_York", as people say until when.
  std::string until_words(Instant at) const;
};

}  // namespace meridian
