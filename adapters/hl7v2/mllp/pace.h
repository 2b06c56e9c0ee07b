// SPDX-License-Identifier: Apache-2.0
// How fast one peer's messages are taken.
#pragma once

#include <algorithm>
#include <chrono>

namespace meridian::hl7v2 {

/// An even pace with a burst of one second's worth. Who is faster waits; nothing is refused, for a
/// refusal would tell an engine to stop its line. The clock is passed in.
class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// Messages a second; 0 or less: as many as come.
  explicit Pace(double per_second)
      : step_(per_second > 0 ? std::chrono::duration_cast<Duration>(
                                   std::chrono::duration<double>(1 / per_second))
                             : Duration::zero()) {}

  /// Counts one message that came at `now`; how long it is to wait before it is taken.
  Duration take(Time now) {
    due_ = std::max(due_, now - std::chrono::seconds(1)) + step_;
    return std::max(due_ - now, Duration::zero());
  }

  /// Nothing is left to remember.
  bool rested(Time now) const { return due_ <= now - std::chrono::seconds(1); }

 private:
  Duration step_;
  Time due_{};
};

}  // namespace meridian::hl7v2
