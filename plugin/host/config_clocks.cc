// SPDX-License-Identifier: Apache-2.0
#include "host/config_clocks.h"

#include <algorithm>

namespace meridian::host {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};

}  // namespace

void read_calendar(Section& s, routing::Calendar& calendar) {
  std::string zone = "UTC";
  std::vector<std::string> days = {"monday", "tuesday", "wednesday", "thursday", "friday"};
  std::vector<std::string> written;
  s.text("time_zone", zone);
  s.words("working_days", days,
          {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"});
  s.list("holidays", written);
  std::array<bool, 7> works{};
  for (std::size_t i = 0; i < works.size(); ++i) {
    works[i] = std::find(days.begin(), days.end(), day_names[i]) != days.end();
  }
  std::set<Day> holidays;
  for (const auto& text : written) {
    if (const auto day = parse_day(text)) {
      holidays.insert(*day);
    } else {
      s.add(s.line(), "[calendar] holidays: \"" + text + "\" is no day; write YYYY-MM-DD");
    }
  }
  auto read = routing::Calendar::of(zone, works, std::move(holidays));
  if (read) {
    calendar = std::move(*read);
  } else if (days.empty()) {
    s.add(s.line(), "[calendar] working_days is empty; name at least one day");
  } else {
    s.add(s.line(), "[calendar] time_zone: \"" + zone +
                        "\" is no zone; write a name such as \"America/New_York\"");
  }
}

void read_night(Section& s, std::optional<std::chrono::minutes>& at) {
  std::string written = "03:00";
  s.text("at", written);
  at.reset();
  if (written == "never") return;
  const auto digits = [&](std::size_t from) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool two = is_digit(written[from]) && is_digit(written[from + 1]);
    return two ? (written[from] - '0') * 10 + written[from + 1] - '0' : 99;
  };
  const bool whole = written.size() == 5 && written[2] == ':';
  if (!whole || digits(0) > 23 || digits(3) > 59) {
    s.add(s.line(),
          "[reconcile] at: \"" + written + "\" is no time of day; write HH:MM, or \"never\"");
    return;
  }
  at = std::chrono::hours(digits(0)) + std::chrono::minutes(digits(3));
}

void read_clocks(Section& s, std::map<routing::State, routing::Deadlines>& deadlines) {
  for (const auto& row : routing::state_rows) {
    if (routing::is_final(row.state)) continue;
    std::vector<std::string> lines = {""};  // not named
    s.list(row.name, lines);
    if (lines.size() == 1 && lines.front().empty()) continue;
    if (const auto read = routing::parse_deadlines(lines)) {
      deadlines.insert_or_assign(row.state, *read);
      continue;
    }
    s.add(s.line(), "[clocks] " + std::string(row.name) +
                        ": write 1 to 4 of remind, escalate, next_clinic and lapse, each later "
                        "than the one before, such as [\"remind 2bd 4h\", \"lapse 30bd 10bd\"]");
  }
}

}  // namespace meridian::host
