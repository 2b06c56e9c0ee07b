// SPDX-License-Identifier: Apache-2.0
// A date is never more exact than it was written, and every day it may mean is covered.
#include <gtest/gtest.h>

#include "model/values.h"

namespace meridian {
namespace {

/// "first..last" of the days that a date may mean.
std::string span_of(std::string_view text) {
  const auto date = parse_partial_date(text);
  if (!date) return "refused";
  const auto first = date->first_day();
  const auto last = date->last_day();
  if (!first || !last) return "no day";
  return to_string(*first) + ".." + to_string(*last);
}

TEST(PartialDate, KeepsItsTextAndItsPrecision) {
  const std::pair<const char*, Precision> cases[] = {
      {"2024", Precision::year},
      {"2024-02", Precision::month},
      {"2024-02-29", Precision::day},
      {"2024-02-29T10:00:00Z", Precision::instant},
      {"2024-02-29T10:00:00.123456+01:00", Precision::instant},
      {"2024-02-29T10:00Z", Precision::instant},
      {"2024-02-29T10:00:00", Precision::local_time},
      {"2024-02-29T10:00", Precision::local_time},
      {"2024-02-29T10:00:00.250", Precision::local_time},
  };
  for (const auto& [text, precision] : cases) {
    const auto date = parse_partial_date(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->precision, precision) << text;
    EXPECT_EQ(date->text, text);
  }
}

TEST(PartialDate, AYearMeansAnyOfItsDays) {
  EXPECT_EQ(span_of("2023"), "2023-01-01..2023-12-31");
}

TEST(PartialDate, AMonthMeansAnyOfItsDays) {
  EXPECT_EQ(span_of("2024-02"), "2024-02-01..2024-02-29");
  EXPECT_EQ(span_of("2023-02"), "2023-02-01..2023-02-28");
  EXPECT_EQ(span_of("2023-12"), "2023-12-01..2023-12-31");
}

TEST(PartialDate, ADayMeansItself) {
  EXPECT_EQ(span_of("2023-06-15"), "2023-06-15..2023-06-15");
}

TEST(PartialDate, AnInstantIsOnItsDayInUtc) {
  EXPECT_EQ(span_of("2023-06-15T23:30:00-05:00"), "2023-06-16..2023-06-16");
}

TEST(PartialDate, ATimeWithoutAZoneStaysOnTheDayItNames) {
  EXPECT_EQ(span_of("2023-06-15T23:30:00"), "2023-06-15..2023-06-15");
  EXPECT_EQ(parse_partial_date("2023-06-15T23:30:00")->instant(),
            parse_instant("2023-06-15T00:00:00Z"));
}

TEST(PartialDate, GivesTheInstantOrMidnightOfItsFirstDay) {
  EXPECT_EQ(parse_partial_date("2023-06-15T10:00:00.5+02:00")->instant(),
            parse_instant("2023-06-15T08:00:00.500Z"));
  EXPECT_EQ(parse_partial_date("2023-06")->instant(), parse_instant("2023-06-01T00:00:00Z"));
  EXPECT_EQ(parse_partial_date("2023")->instant(), parse_instant("2023-01-01T00:00:00Z"));
}

TEST(PartialDate, WhenAbsentHasNoDayAndNoInstant) {
  const PartialDate absent;
  EXPECT_TRUE(absent.empty());
  EXPECT_FALSE(absent.first_day());
  EXPECT_FALSE(absent.last_day());
  EXPECT_FALSE(absent.instant());
}

TEST(PartialDate, WhatIsNoDateIsRefused) {
  for (const auto* text : {"",
                           "20",
                           "abcd",
                           "0000",
                           "2023-13",
                           "2023-00",
                           "2023-1",
                           "2023/01",
                           "2023-02-29",
                           "2023-02-30",
                           "2023-06-31",
                           "06/15/2023",
                           "20230615",
                           "202a",
                           "2023-0x",
                           "2023-06-1x",
                           "2023-06-15T",
                           "2023-06-15T25:00:00",
                           "2023-06-15T10",
                           "2023-06-15T10:61",
                           "2023-02-30T10:00:00Z",
                           "2023-06-15 10:00:00",
                           "2023-06-15T10:00:00+99:00",
                           "last week",
                           "-023",
                           "+023"}) {
    EXPECT_EQ(span_of(text), "refused") << text;
  }
}

TEST(PartialDate, EveryPrefixAndEveryChangedByteIsReadOrRefusedWithoutHarm) {
  const std::string whole = "2024-02-29T23:59:59.999+05:30";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'\0', ' ', '-', ':', '9', 'Z', '\xff'}) {
        std::string text = whole.substr(0, size);
        text[at] = c;
        if (const auto date = parse_partial_date(text)) {
          EXPECT_TRUE(date->first_day()) << text;
          EXPECT_TRUE(date->last_day()) << text;
          EXPECT_TRUE(date->instant()) << text;
        }
      }
    }
  }
}

}  // namespace
}  // namespace meridian
