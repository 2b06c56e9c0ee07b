// SPDX-License-Identifier: Apache-2.0
// How many calls a server takes in a minute, shared by all clients that speak to it.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>

#include "base/time.h"

namespace meridian::fhir {

/// Never more than the limit within any 60 seconds, so that it holds also where the server's clock
/// and ours differ. Thread-safe. Counts this program's calls: other nodes have budgets of their
/// own.
class CallBudget {
 public:
  explicit CallBudget(int per_minute);

  /// Zero: the call is counted and may go. Else how long to wait before asking again.
  std::chrono::milliseconds take(Instant now);
  /// The server said that there were too many and not for how long: nothing goes before the next
  /// minute of the wall clock begins.
  void refused(Instant now);

 private:
  const std::size_t per_minute_;
  std::mutex mutex_;
  std::deque<Instant> taken_;  // of the last minute, oldest first
  Instant closed_until_;
};

}  // namespace meridian::fhir
