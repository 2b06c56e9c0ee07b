// SPDX-License-Identifier: Apache-2.0
#include "model/values.h"

#include <charconv>
#include <cstdlib>

namespace meridian {
namespace {

using namespace std::chrono;

int number_of(std::string_view text, std::size_t at, std::size_t width) {
  int value = -1;
  const auto* first = text.data() + at;
  const auto result = std::from_chars(first, first + width, value);
  return result.ptr == first + width ? value : -1;
}

bool valid_local_time(std::string_view text) {
  if (text.size() < 5 || text[2] != ':') return false;
  const int h = number_of(text, 0, 2);
  const int m = number_of(text, 3, 2);
  if (h < 0 || h > 23 || m < 0 || m > 59) return false;
  if (text.size() == 5) return true;
  if (text.size() < 8 || text[5] != ':') return false;
  const int s = number_of(text, 6, 2);
  return s >= 0 && s <= 60 && text.find_first_not_of(".0123456789", 8) == std::string_view::npos;
}

/// FHIR dateTime needs seconds; "2020-01-01T10:00Z" is met in practice and read as :00.
std::optional<Instant> lenient_instant(std::string_view text) {
  if (auto exact = parse_instant(text)) return exact;
  if (text.size() < 17 || text[10] != 'T' || text[13] != ':') return std::nullopt;
  std::string with_seconds(text.substr(0, 16));
  with_seconds += ":00";
  with_seconds += text.substr(16);
  return parse_instant(with_seconds);
}

}  // namespace

std::optional<PartialDate> parse_partial_date(std::string_view text) {
  const auto made = [&](Precision precision) { return PartialDate{std::string(text), precision}; };
  if (text.size() == 4) {
    return number_of(text, 0, 4) > 0 ? std::optional(made(Precision::year)) : std::nullopt;
  }
  if (text.size() == 7) {
    const int month = text[4] == '-' ? number_of(text, 5, 2) : -1;
    const bool good = number_of(text, 0, 4) > 0 && month >= 1 && month <= 12;
    return good ? std::optional(made(Precision::month)) : std::nullopt;
  }
  if (text.size() == 10) {
    return parse_day(text) ? std::optional(made(Precision::day)) : std::nullopt;
  }
  if (lenient_instant(text)) return made(Precision::instant);
  if (text.size() >= 16 && text[10] == 'T' && parse_day(text.substr(0, 10)) &&
      valid_local_time(text.substr(11))) {
    return made(Precision::local_time);
  }
  return std::nullopt;
}

std::optional<Day> PartialDate::first_day() const {
  switch (precision) {
    case Precision::none:
      return std::nullopt;
    case Precision::year:
      return Day{year{number_of(text, 0, 4)} / January / 1};
    case Precision::month:
      return Day{year{number_of(text, 0, 4)} / number_of(text, 5, 2) / 1};
    case Precision::day:
    case Precision::local_time:
      return parse_day(std::string_view(text).substr(0, 10));
    case Precision::instant:
      return floor<days>(*lenient_instant(text));
  }
  return std::nullopt;
}

std::optional<Day> PartialDate::last_day() const {
  if (precision == Precision::year) return Day{year{number_of(text, 0, 4)} / December / 31};
  if (precision == Precision::month) {
    return Day{year_month_day_last{year{number_of(text, 0, 4)} / number_of(text, 5, 2) / last}};
  }
  return first_day();
}

std::optional<Instant> PartialDate::instant() const {
  if (precision == Precision::instant) return lenient_instant(text);
  const auto day = first_day();
  return day ? std::optional(Instant{*day}) : std::nullopt;
}

std::optional<double> Quantity::number() const {
  if (value.empty()) return std::nullopt;
  double parsed = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (result.ec != std::errc{} || result.ptr != value.data() + value.size()) return std::nullopt;
  return parsed;
}

std::string display_name(const HumanName& name) {
  if (!name.text.reveal().empty()) return name.text.reveal();
  std::string out;
  for (const auto& given : name.given.reveal()) {
    out += given;
    out += ' ';
  }
  return out + name.family.reveal();
}

}  // namespace meridian
