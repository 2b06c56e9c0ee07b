// SPDX-License-Identifier: Apache-2.0
// When to try again.
#pragma once

#include <chrono>

#include "flow/core.h"

namespace meridian::flow {

/// Exponential back-off with full jitter: between half and the whole of first_retry * 2^attempts,
/// at most longest_retry. `attempts` counts from 0. `dice` is uniform in [0, 1).
std::chrono::milliseconds retry_delay(const Settings& settings, int attempts, double dice);

/// The same with a die of its own. Thread-safe.
std::chrono::milliseconds retry_delay(const Settings& settings, int attempts);

}  // namespace meridian::flow
