// SPDX-License-Identifier: Apache-2.0
// Clocks and figures that the benchmarks share.
#pragma once

#include <algorithm>
#include <ctime>
#include <vector>

namespace meridian::bench {

/// Processor time of this thread, so that what else runs on the machine counts less.
inline double cpu_seconds(clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Of one value or more.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// The least of one time or more: that which others on the machine disturbed least.
inline double fastest(const std::vector<double>& times) {
  return *std::min_element(times.begin(), times.end());
}

}  // namespace meridian::bench
