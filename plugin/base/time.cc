// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <cstdio>

namespace meridian {
namespace {

using namespace std::chrono;

/// Reads exactly `width` digits at `at`; -1 when there are not that many.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  if (text.size() < at + width) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// Reads ".123456" at `at` and moves past it; milliseconds, cut not rounded. -1 when malformed.
int milliseconds_at(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  int value = 0;
  int seen = 0;
  for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++seen) {
    if (seen < 3) value = value * 10 + (text[at] - '0');
  }
  if (seen == 0) return -1;
  for (; seen < 3; ++seen) value *= 10;
  return value;
}

/// Reads "Z" or "+hh:mm" to the end of the text; minutes east of UTC.
std::optional<int> zone_minutes(std::string_view text, std::size_t at) {
  if (text.substr(at) == "Z") return 0;
  if (text.size() != at + 6 || text[at + 3] != ':') return std::nullopt;
  const int hours = digits(text, at + 1, 2);
  const int minutes = digits(text, at + 4, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  if (text[at] == '+') return hours * 60 + minutes;
  if (text[at] == '-') return -(hours * 60 + minutes);
  return std::nullopt;
}

}  // namespace

Instant system_now() {
  return floor<milliseconds>(system_clock::now());
}

std::string to_string(Day day) {
  const year_month_day date{day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                unsigned(date.day()));
  return text;
}

std::string to_string(Instant at) {
  const Day day = floor<days>(at);
  const hh_mm_ss time{at - day};
  char text[32];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", int(time.hours().count()),
                int(time.minutes().count()), int(time.seconds().count()),
                int(time.subseconds().count()));
  return to_string(day) + text;
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int y = digits(text, 0, 4);
  const int m = digits(text, 5, 2);
  const int d = digits(text, 8, 2);
  if (y < 1 || m < 1 || d < 1) return std::nullopt;
  const year_month_day date{year{y}, month{unsigned(m)}, day{unsigned(d)}};
  if (!date.ok()) return std::nullopt;
  return Day{date};
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto day = parse_day(text.substr(0, 10));
  const int h = digits(text, 11, 2);
  const int m = digits(text, 14, 2);
  const int s = digits(text, 17, 2);
  if (!day || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60) return std::nullopt;
  std::size_t at = 19;
  const int ms = milliseconds_at(text, at);
  if (ms < 0 || at >= text.size()) return std::nullopt;
  const auto zone = zone_minutes(text, at);
  if (!zone) return std::nullopt;
  return Instant{*day} + hours{h} + minutes{m} + seconds{s == 60 ? 59 : s} + milliseconds{ms} -
         minutes{*zone};
}

}  // namespace meridian
