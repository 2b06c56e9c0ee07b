// SPDX-License-Identifier: Apache-2.0
// [calendar], [clocks] and [reconcile]: when the site works, and by when what must happen.
#include <gtest/gtest.h>

#include "unit/host/config_faults.h"

namespace meridian::host {
namespace {

TEST(Config, ClocksFollowTheSitesCalendar) {
  Issues issues;
  const auto config = read_config(
      "[calendar]\ntime_zone = \"America/New_York\"\nholidays = [\"2026-11-26\"]\n"
      "[clocks]\naccepted = [\"remind 1bd\"]\n",
      "site.toml", "", issues);
  EXPECT_TRUE(issues.empty());
  EXPECT_FALSE(config.calendar.works_on(*parse_day("2026-11-26")));
  const routing::Clocks clocks(config.calendar, config.deadlines);
  const auto since = *parse_instant("2026-11-25T20:00:00Z");
  EXPECT_EQ(to_string(clocks.ring(routing::State::accepted, false, since, 0)->due),
            "2026-11-27T20:00:00.000Z");
}

TEST(Config, TheNightIsATimeOfDayOrNever) {
  Issues issues;
  const auto late = read_config("[reconcile]\nat = \"23:45\"\n", "site.toml", "", issues);
  EXPECT_EQ(late.reconcile_at, std::chrono::minutes(23 * 60 + 45));
  EXPECT_FALSE(read_config("[reconcile]\nat = \"never\"\n", "site.toml", "", issues).reconcile_at);
  const auto soon = read_config("[reconcile]\nsettle_seconds = 2\n", "site.toml", "", issues);
  EXPECT_EQ(soon.reconcile_settle_seconds, 2);
  for (const char* wrong : {"24:00", "3:00", "03-00", "03:60", "aa:00", ""}) {
    EXPECT_EQ(faults("[reconcile]\nat = \"" + std::string(wrong) + "\"\n"),
              Texts{"site.toml:1: [reconcile] at: \"" + std::string(wrong) +
                    "\" is no time of day; write HH:MM, or \"never\""});
  }
}

TEST(Config, AWrongClockNamesTheFix) {
  EXPECT_EQ(faults("[calendar]\ntime_zone = \"Boston\"\n"),
            Texts{"site.toml:1: [calendar] time_zone: \"Boston\" is no zone; write a name such as "
                  "\"America/New_York\""});
  EXPECT_EQ(faults("[calendar]\nholidays = [\"Christmas\"]\n"),
            Texts{"site.toml:1: [calendar] holidays: \"Christmas\" is no day; write YYYY-MM-DD"});
  EXPECT_EQ(faults("[clocks]\naccepted = [\"remind 2bd\", \"lapse 1bd\"]\n").size(), 1u);
  EXPECT_EQ(faults("[clocks]\nclosed = [\"remind 2bd\"]\n").size(), 1u) << "it is over";
}

}  // namespace
}  // namespace meridian::host
