// SPDX-License-Identifier: Apache-2.0
#include "pathway/measures.h"

#include <algorithm>
#include <array>

#include "pathway/meaning.h"
#include "pathway/when.h"

namespace meridian {
namespace {

/// A unit as a multiple of 10^9 per litre; the spellings laboratories use for cell counts.
struct CountUnit {
  std::string_view name;
  double factor;
};

constexpr std::array<CountUnit, 14> count_units = {{{"10*9/L", 1},
                                                    {"10*3/uL", 1},
                                                    {"10*3/mm3", 1},
                                                    {"K/uL", 1},
                                                    {"k/uL", 1},
                                                    {"x10^9/L", 1},
                                                    {"10^9/L", 1},
                                                    {"x10^3/uL", 1},
                                                    {"10^3/uL", 1},
                                                    {"G/L", 1},
                                                    {"/uL", 0.001},
                                                    {"{cells}/uL", 0.001},
                                                    {"cells/uL", 0.001},
                                                    {"/mm3", 0.001}}};

std::optional<double> count_factor(std::string_view unit) {
  for (const auto& known : count_units) {
    if (known.name == unit) return known.factor;
  }
  return std::nullopt;
}

bool is_fahrenheit(std::string_view unit) {
  return unit == "[degF]" || unit == "degF" || unit == "F" || unit == "\u00b0F";
}

bool is_celsius(std::string_view unit) {
  return unit == "Cel" || unit == "degC" || unit == "C" || unit == "\u00b0C";
}

std::optional<double> convert(double value, std::string_view from, std::string_view to) {
  if (from == to) return value;
  if (is_celsius(to)) {
    if (is_celsius(from)) return value;
    return is_fahrenheit(from) ? std::optional((value - 32) * 5 / 9) : std::nullopt;
  }
  const auto factor = count_factor(from);
  const auto target = count_factor(to);
  return factor && target ? std::optional(value * *factor / *target) : std::nullopt;
}

bool is_final(const Observation& observation) {
  const auto& status = observation.status;
  return status == "final" || status == "amended" || status == "corrected";
}

}  // namespace

std::optional<double> in_unit(const Quantity& quantity, std::string_view unit) {
  const auto number = quantity.number();
  if (!number || !quantity.comparator.empty()) return std::nullopt;
  const bool ratio = unit == "{INR}" && quantity.code.empty() && quantity.unit.empty();
  if (ratio) return number;  // an INR has no dimension and is often sent without a unit
  if (const auto value = convert(*number, quantity.code, unit)) return value;
  return convert(*number, quantity.unit, unit);
}

std::optional<Measured> newest_measure(const std::vector<Observation>& observations,
                                       const std::vector<std::string>& value_sets,
                                       std::string_view unit, std::optional<int> window_days,
                                       const Terminology& terminology, Instant at) {
  std::optional<Measured> newest;
  // Most of a long record is older than any window; reading its dates would cost the most.
  const auto before = window_days ? std::chrono::floor<Days>(at) - Days(*window_days + 2) : Day();
  const auto first_day = window_days ? to_string(before) : std::string();
  for (const auto& observation : observations) {
    if (written_before(observation.effective, first_day)) continue;
    const auto when = earliest(observation.effective);
    if (!when || !is_final(observation) || is_future(observation.effective, at)) continue;
    if (window_days && !may_be_within(observation.effective, *window_days, at)) continue;
    if (!meaning_of(observation.code, terminology).in_any(value_sets)) continue;
    const auto value = in_unit(observation.quantity, unit);
    if (!value) continue;
    const bool better = !newest || *when > *earliest(newest->at) ||
                        (*when == *earliest(newest->at) && observation.ref < newest->ref);
    if (better) newest = Measured{observation.ref, *value, observation.effective};
  }
  return newest;
}

}  // namespace meridian
