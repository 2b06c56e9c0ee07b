// SPDX-License-Identifier: Apache-2.0
// The time of a database server, on a node whose own clock may be wrong.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

#include "base/time.h"

namespace meridian::store {

class Store;

/// What the server said last, and what has passed since by a clock that nobody sets. Before it said
/// anything, the system's clock. Any thread.
class ServerClock {
 public:
  Instant now() const {
    const auto ahead = ahead_.load(std::memory_order_relaxed);
    return ahead == unknown ? system_now() : Instant{std::chrono::milliseconds{ahead} + running()};
  }

  /// The server's time at this moment.
  void hear(Instant server) {
    ahead_.store((server.time_since_epoch() - running()).count(), std::memory_order_relaxed);
  }

 private:
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

  static std::chrono::milliseconds running() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  }

  std::atomic<std::int64_t> ahead_{unknown};  ///< milliseconds, of the steady clock
};

/// The clock by which the store's leases and what is due go: that of its server, which all nodes
/// have in common; the system's for a file. Outlives the store.
Clock clock_of(const Store& store);

}  // namespace meridian::store
