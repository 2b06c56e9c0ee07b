// SPDX-License-Identifier: Apache-2.0
// What turns text around is taken out, and nothing else.
#include "base/direction.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

TEST(DirectionMarks, OfEachKindAreTakenOut) {
  const std::string marks =
      "\u202a\u202b\u202c\u202d\u202e"
      "\u2066\u2067\u2068\u2069";
  EXPECT_EQ(without_direction_marks(marks), "");
  EXPECT_EQ(without_direction_marks("a\u202eb\u2069c"), "abc");
  EXPECT_EQ(direction_mark_at("a\u202e", 0), 0u);
  EXPECT_EQ(direction_mark_at("a\u202e", 1), 3u);
}

TEST(DirectionMarks, NeighboursOfThemLettersAndBrokenBytesStay) {
  // The characters beside the two ranges, the marks of one place, and what is written so.
  const std::string text = "\u2029\u202f\u2065\u206a\u200e\u200f عائشة 陈 \xe2\x80 \xe2";
  EXPECT_EQ(without_direction_marks(text), text);
  EXPECT_EQ(without_direction_marks(""), "");
}

}  // namespace
}  // namespace meridian
