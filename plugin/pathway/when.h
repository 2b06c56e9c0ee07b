// SPDX-License-Identifier: Apache-2.0
// Dates that may be vague, as stretches of time that can be compared.
#pragma once

#include <algorithm>
#include <optional>

#include "model/values.h"

namespace meridian {

using Days = std::chrono::days;

/// The first instant the date may mean; nothing when it is absent.
inline std::optional<Instant> earliest(const PartialDate& date) {
  return date.instant();
}

/// The last instant the date may mean: the instant itself, or the end of the last day.
inline std::optional<Instant> latest(const PartialDate& date) {
  if (date.precision == Precision::instant) return date.instant();
  const auto day = date.last_day();
  if (!day) return std::nullopt;
  return Instant{*day + Days(1)} - std::chrono::milliseconds(1);
}

/// The calendar day as the source wrote it; less exact dates stay as they are.
inline PartialDate as_date(const PartialDate& date) {
  if (date.precision != Precision::instant && date.precision != Precision::local_time) return date;
  return PartialDate{date.text.substr(0, 10), Precision::day};
}

/// True when the date may lie in the `days` before `at` (both ends included) or up to one day
/// after it, which clocks and zones explain.
inline bool may_be_within(const PartialDate& date, int days, Instant at) {
  const auto first = earliest(date);
  const auto last = latest(date);
  return first && *last >= at - Days(days) && *first <= at + Days(1);
}

/// True when even its day as written is before `day`, which is how one is written: tells without
/// reading it that a date is old. Zones part the two by less than a day.
inline bool written_before(const PartialDate& date, std::string_view day) {
  const auto written = std::string_view(date.text).substr(0, day.size());
  return written < day.substr(0, written.size());
}

/// True when the date lies wholly more than one day after `at`.
inline bool is_future(const PartialDate& date, Instant at) {
  const auto first = earliest(date);
  return first && *first > at + Days(1);
}

/// Whole years from a birth date to `at`: the fewest and the most that the date allows.
struct Age {
  int least = 0;
  int most = 0;
};

/// Nothing when the birth date is absent.
std::optional<Age> age_at(const PartialDate& birth_date, Instant at);

}  // namespace meridian
