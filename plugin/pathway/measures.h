// SPDX-License-Identifier: Apache-2.0
// Measured values in the unit that a rule is written in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/clinical.h"
#include "model/terminology.h"

namespace meridian {

/// A measured value that could be read.
struct Measured {
  std::string ref;
  double value = 0;  ///< in the unit asked for
  PartialDate at;
};

/// The number of a quantity in `unit` (UCUM): temperatures Cel and [degF], cell counts per volume,
/// anything else only when the units are equal. Nothing when there is no number, a comparator
/// makes it a bound, or the unit cannot be converted: an unreadable value is no value.
std::optional<double> in_unit(const Quantity& quantity, std::string_view unit);

/// The newest final value of the value sets that is at most `window_days` old (empty: of any age).
/// Undated values do not count. Pure.
std::optional<Measured> newest_measure(const std::vector<Observation>& observations,
                                       const std::vector<std::string>& value_sets,
                                       std::string_view unit, std::optional<int> window_days,
                                       const Terminology& terminology, Instant at);

}  // namespace meridian
