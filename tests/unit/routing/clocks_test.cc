// SPDX-License-Identifier: Apache-2.0
// Deadlines over weekends, holidays, and the two nights when the clocks change.
#include "routing/clocks.h"

#include <gtest/gtest.h>

namespace meridian::routing {
namespace {

constexpr std::array<bool, 7> weekdays = {false, true, true, true, true, true, false};

Calendar boston() {
  return *Calendar::of("America/New_York", weekdays,
                       {*parse_day("2026-11-26"), *parse_day("2026-12-25")});
}

Instant at(std::string_view text) {
  return *parse_instant(text);
}

std::string after(const Calendar& calendar, std::string_view begin, int amount, Span::Unit unit) {
  return to_string(calendar.after(at(begin), {amount, unit}));
}

TEST(Calendar, CountsBusinessDaysOverWeekendAndHoliday) {
  const auto site = boston();
  // Wednesday 15:00 in Boston; Thursday is Thanksgiving.
  EXPECT_EQ(after(site, "2026-11-25T20:00:00Z", 1, Span::business_days),
            "2026-11-27T20:00:00.000Z");
  EXPECT_EQ(after(site, "2026-11-25T20:00:00Z", 2, Span::business_days),
            "2026-11-30T20:00:00.000Z");
  EXPECT_EQ(after(site, "2026-11-25T20:00:00Z", 3, Span::days), "2026-11-28T20:00:00.000Z");
  EXPECT_EQ(after(site, "2026-11-25T20:00:00Z", 4, Span::hours), "2026-11-26T00:00:00.000Z");
  EXPECT_EQ(after(Calendar(), "2026-11-25T20:00:00Z", 1, Span::business_days),
            "2026-11-26T20:00:00.000Z")
      << "who names no holidays has none";
}

TEST(Calendar, NamesTheNextTimeOfDayOnTheClockOnTheWall) {
  const auto next = [](std::string_view begin) {
    return to_string(boston().next(std::chrono::hours(3), at(begin)));
  };
  EXPECT_EQ(next("2026-11-25T07:59:00Z"), "2026-11-25T08:00:00.000Z");
  EXPECT_EQ(next("2026-11-25T08:00:00Z"), "2026-11-26T08:00:00.000Z");
  EXPECT_EQ(next("2026-07-01T12:00:00Z"), "2026-07-02T07:00:00.000Z") << "summer time";
  EXPECT_EQ(next("2026-10-31T20:00:00Z"), "2026-11-01T08:00:00.000Z") << "the night it ends";
}

TEST(Calendar, LendsItsClockToWhoeverWritesToPeople) {
  const auto wall = boston().wall();  // which outlives the calendar
  EXPECT_EQ(wall.zone, "America/New_York");
  EXPECT_EQ(to_string(wall.local(at("2026-07-01T12:00:00Z"))), "2026-07-01T08:00:00.000Z");
  EXPECT_EQ(to_string(wall.instant(at("2026-07-01T08:00:00Z"))), "2026-07-01T12:00:00.000Z");
  EXPECT_EQ(wall.words(at("2026-12-01T12:05:00Z")), "2026-12-01, 07:05 America/New_York");
  EXPECT_EQ(wall.until_words(at("2026-12-01T05:00:00Z")),
            "the end of 2026-11-30, America/New_York");
}

TEST(Calendar, BeginsWithTheNextWorkingDay) {
  // Saturday noon: Monday is no whole day late when one business day has passed on Tuesday 0:00.
  EXPECT_EQ(after(boston(), "2026-11-28T17:00:00Z", 1, Span::business_days),
            "2026-12-01T05:00:00.000Z");
  // Friday 23:00 in Boston is Saturday in Greenwich.
  EXPECT_EQ(after(boston(), "2026-11-28T04:00:00Z", 1, Span::business_days),
            "2026-12-01T04:00:00.000Z");
}

TEST(Calendar, KeepsTheTimeOfDayWhenTheClocksChange) {
  EXPECT_EQ(after(boston(), "2026-10-30T13:00:00Z", 1, Span::business_days),
            "2026-11-02T14:00:00.000Z")
      << "9:00 in summer and 9:00 in winter";
  EXPECT_EQ(after(boston(), "2026-03-06T14:00:00Z", 3, Span::days), "2026-03-09T13:00:00.000Z");
}

TEST(Calendar, OfAnotherWeekAndAnotherZone) {
  // Sunday to Thursday, in Dubai.
  const auto dubai = Calendar::of("Asia/Dubai", {true, true, true, true, true, false, false}, {});
  ASSERT_TRUE(dubai);
  EXPECT_EQ(after(*dubai, "2026-11-26T08:00:00Z", 1, Span::business_days),
            "2026-11-29T08:00:00.000Z");
}

TEST(Calendar, IsNoneOfAnUnknownZoneOrWithoutAWorkingDay) {
  EXPECT_FALSE(Calendar::of("America/Atlantis", weekdays, {}));
  EXPECT_FALSE(Calendar::of("", weekdays, {}));
  EXPECT_FALSE(Calendar::of("America/New_York", {}, {}));
}

TEST(Span, IsReadFromItsWords) {
  EXPECT_EQ(parse_span("5bd"), (Span{5, Span::business_days}));
  EXPECT_EQ(parse_span("30min"), (Span{30, Span::minutes}));
  for (const char* wrong : {"", "5", "bd", "0h", "-1d", "5 bd", "5weeks", "99999d"}) {
    EXPECT_FALSE(parse_span(wrong)) << wrong;
  }
}

TEST(Clocks, FollowTheTableByPriority) {
  const Clocks clocks;
  const auto since = at("2026-11-16T10:00:00Z");  // a Monday
  const auto due = [&](bool urgent, int step) {
    return to_string(clocks.ring(State::delivered, urgent, since, step)->due);
  };
  EXPECT_EQ(due(false, 0), "2026-11-18T10:00:00.000Z");
  EXPECT_EQ(due(true, 0), "2026-11-16T14:00:00.000Z");
  EXPECT_EQ(clocks.ring(State::delivered, false, since, 2)->then, Then::next_clinic);
  EXPECT_FALSE(clocks.ring(State::closed, false, since, 0));
}

TEST(Clocks, TheLastDeadlineComesAgainAndAgain) {
  const Clocks clocks;
  const auto since = at("2026-11-16T10:00:00Z");
  Instant before = since;
  for (int step = 0; step < 200; ++step) {
    const auto ring = clocks.ring(State::held, false, since, step);
    ASSERT_TRUE(ring);
    ASSERT_GT(ring->due, before);
    EXPECT_EQ(ring->then, step == 0 ? Then::remind : Then::escalate);
    before = ring->due;
  }
}

TEST(Clocks, ASiteMayReplaceThoseOfAState) {
  const auto mine = parse_deadlines({"remind 1bd 2h", "lapse 10d"});
  ASSERT_TRUE(mine);
  const Clocks clocks(boston(), {{State::delivered, *mine}});
  const auto since = at("2026-11-25T20:00:00Z");
  EXPECT_EQ(to_string(clocks.ring(State::delivered, false, since, 0)->due),
            "2026-11-27T20:00:00.000Z");
  EXPECT_EQ(to_string(clocks.ring(State::delivered, true, since, 0)->due),
            "2026-11-25T22:00:00.000Z");
  EXPECT_EQ(to_string(*clocks.stands_until(State::delivered, false, since)),
            "2026-12-05T20:00:00.000Z");
  EXPECT_EQ(clocks.of(State::accepted), row_of(State::accepted).deadlines);
}

TEST(Clocks, RefuseDeadlinesThatCannotBe) {
  for (const auto& wrong : std::vector<std::vector<std::string>>{
           {},
           {"remind"},
           {"remind 2bd", "escalate 1bd"},
           {"remind 2bd 4h", "escalate 5bd 1h"},
           {"lapse 5bd", "remind 10bd"},
           {"forget 2bd"},
           {"nothing 2bd"},
           {"remind 2bd 4h 1h"},
           {"remind 1h", "remind 2h", "remind 3h", "remind 4h", "remind 5h"}}) {
    EXPECT_FALSE(parse_deadlines(wrong)) << (wrong.empty() ? "none" : wrong.back());
  }
}

}  // namespace
}  // namespace meridian::routing
