// SPDX-License-Identifier: Apache-2.0
// Instants and days: what is read, what is refused, and that writing gives the same back.
#include "base/time.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

std::string again(std::string_view text) {
  const auto at = parse_instant(text);
  return at ? to_string(*at) : "refused";
}

TEST(Instant, IsWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(to_string(Instant{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_string(Instant{milliseconds{1792491322345}}), "2026-10-20T10:15:22.345Z");
}

TEST(Instant, BeforeTheEpochIsWrittenOnTheRightDay) {
  EXPECT_EQ(to_string(Instant{milliseconds{-1}}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(again("1931-02-03T04:05:06.007Z"), "1931-02-03T04:05:06.007Z");
}

TEST(Instant, AZoneIsTakenOff) {
  EXPECT_EQ(again("2026-03-01T00:30:00+02:00"), "2026-02-28T22:30:00.000Z");
  EXPECT_EQ(again("2024-02-28T23:30:00-05:00"), "2024-02-29T04:30:00.000Z");
  EXPECT_EQ(again("2026-03-01T00:00:00+05:45"), "2026-02-28T18:15:00.000Z");
  EXPECT_EQ(again("2026-03-01T00:00:00+14:00"), "2026-02-28T10:00:00.000Z");
}

TEST(Instant, AFractionIsCutToMillisecondsNotRounded) {
  EXPECT_EQ(again("2026-01-01T00:00:00.9999999Z"), "2026-01-01T00:00:00.999Z");
  EXPECT_EQ(again("2026-01-01T00:00:00.5Z"), "2026-01-01T00:00:00.500Z");
  EXPECT_EQ(again("2026-01-01T00:00:00.05Z"), "2026-01-01T00:00:00.050Z");
}

TEST(Instant, ALeapSecondCountsAsTheSecondBefore) {
  EXPECT_EQ(again("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59.000Z");
}

TEST(Instant, WithoutAZoneIsRefusedBecauseItNamesNoPoint) {
  EXPECT_EQ(again("2026-01-01T10:00:00"), "refused");
  EXPECT_EQ(again("2026-01-01T10:00:00.000"), "refused");
}

TEST(Instant, WhatIsNoTimeIsRefused) {
  for (const auto* text : {"",
                           "2026",
                           "2026-01-01",
                           "2026-02-30T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T23:60:00Z",
                           "2026-01-01T23:59:61Z",
                           "2026-01-01T10:00Z",
                           "2026-01-01 10:00:00Z",
                           "2026-01-01T10:00:00z",
                           "2026-01-01T10:00:00.Z",
                           "2026-01-01T10:00:00+15:00",
                           "2026-01-01T10:00:00+02",
                           "2026-01-01T10:00:00+0200",
                           "2026-01-01T10:00:00 02:00",
                           "2026-01-01T10:00:00ZZ",
                           "2026-01-01T10:00:00Z ",
                           "+026-01-01T10:00:00Z",
                           "2026-01-01T-1:00:00Z",
                           "20260101T100000Z"}) {
    EXPECT_EQ(again(text), "refused") << text;
  }
}

TEST(Day, ExistsInTheCalendarOrIsRefused) {
  EXPECT_TRUE(parse_day("2024-02-29"));
  EXPECT_TRUE(parse_day("2000-02-29"));
  for (const auto* text : {"2026-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-13-01",
                           "2026-01-00", "0000-01-01", "2026-1-01", "2026/01/01", "2026-01-01 "}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(Day, IsWrittenWithFourTwoAndTwoDigits) {
  EXPECT_EQ(to_string(*parse_day("0001-01-01")), "0001-01-01");
  EXPECT_EQ(to_string(*parse_day("9999-12-31")), "9999-12-31");
}

TEST(Day, EveryOneOfFourHundredYearsIsReadAsWritten) {
  const Day first = *parse_day("1900-01-01");
  for (int i = 0; i < 146097; ++i) {
    const Day day = first + days{i};
    ASSERT_EQ(parse_day(to_string(day)), day);
  }
}

TEST(SystemNow, HasWholeMillisecondsThatSurviveWriting) {
  const Instant now = system_now();
  EXPECT_EQ(parse_instant(to_string(now)), now);
}

}  // namespace
}  // namespace meridian
