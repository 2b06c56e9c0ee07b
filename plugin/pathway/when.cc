// SPDX-License-Identifier: Apache-2.0
#include "pathway/when.h"

#include <utility>

namespace meridian {
namespace {

int whole_years(Day from, Day to) {
  const std::chrono::year_month_day born{from};
  const std::chrono::year_month_day now{to};
  const int years = static_cast<int>(now.year()) - static_cast<int>(born.year());
  const bool had_birthday =
      std::pair(now.month(), now.day()) >= std::pair(born.month(), born.day());
  return had_birthday ? years : years - 1;
}

}  // namespace

std::optional<Age> age_at(const PartialDate& birth_date, Instant at) {
  const auto first = birth_date.first_day();
  const auto last = birth_date.last_day();
  if (!first || !last) return std::nullopt;
  const auto today = std::chrono::floor<Days>(at);
  return Age{whole_years(*last, today), whole_years(*first, today)};
}

}  // namespace meridian
