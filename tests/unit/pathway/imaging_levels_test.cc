// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "pathway/imaging/levels.h"

namespace meridian::imaging {
namespace {

std::string read(std::string_view text, bool between = true) {
  const auto level = level_at(text);
  if (!level) return "-";
  std::string names;
  for (const auto& name : names_of({{level->row}}, between))
    names += (names.empty() ? "" : " ") + name;
  return names;
}

TEST(ImagingLevels, WaysToWriteADisc) {
  for (const char* text : {"L4-L5", "L4-5", "L4/5", "L4/L5", "l4-5", "L4 - L5", "L4\xE2\x80\x93L5",
                           "L4L5", "L45", "l4 5", "L4 5 disc"}) {
    EXPECT_EQ(read(text), "L4-L5") << text;
  }
  EXPECT_EQ(read("L5-S1"), "L5-S1");
  EXPECT_EQ(read("L5-1"), "L5-S1");
  EXPECT_EQ(read("T12-L1 disc"), "T12-L1");
  EXPECT_EQ(read("C7-T1"), "C7-T1");
  EXPECT_EQ(read("D12"), "T12");
  EXPECT_EQ(read("L51"), "L5-S1");
  EXPECT_EQ(read("T12"), "T12");
  EXPECT_EQ(read("Th12"), "T12");
  EXPECT_EQ(read("C56"), "C5-C6");
  EXPECT_EQ(read("L4 5 mm"), "L4");
  EXPECT_EQ(read("L4 5.5 cm"), "L4");
  EXPECT_EQ(read("L4 6"), "L4");
}

TEST(ImagingLevels, AsADictationWritesThem) {
  for (const char* text : {"L four five", "L 4 5.", "L Four Five."}) {
    EXPECT_EQ(read(text), "L4-L5") << text;
  }
  EXPECT_EQ(read("L five one"), "L5-S1");
  EXPECT_EQ(read("L 5 root"), "L5");
  EXPECT_EQ(read("T twelve"), "T12");
  for (const char* text : {"L 5 mm", "L five mm", "T 2.5", "C fivefold", "L and"}) {
    EXPECT_EQ(read(text), "-") << text;
  }
}

TEST(ImagingLevels, TheNextOfAListMayLackItsLetter) {
  const auto next = [](std::string_view text, std::string_view before) {
    const auto level = next_level_at(text, level_at(before)->row.back());
    return level ? names_of({{level->row}}, true).front() : "-";
  };
  EXPECT_EQ(next("4-5", "L3-4"), "L4-L5");
  EXPECT_EQ(next("5/1.", "L4-5"), "L5-S1");
  EXPECT_EQ(next("12 and", "T11"), "T12");
  for (const char* text : {"6 MM", "4-5 mm", "3/5", "2 weeks", "8", "6x", "5-6/7"}) {
    EXPECT_EQ(next(text, "L5"), "-") << text;
  }
}

TEST(ImagingLevels, TransitionalVertebraeHaveLevels) {
  EXPECT_EQ(read("L5-L6"), "L5-L6");
  EXPECT_EQ(read("L6-S1"), "L6-S1");
  EXPECT_EQ(read("L4-S1"), "L4-L5 L5-S1");
}

TEST(ImagingLevels, RowsAreEveryDiscOrEveryVertebra) {
  EXPECT_EQ(read("L3-4-5"), "L3-L4 L4-L5");
  EXPECT_EQ(read("L1-L3"), "L1-L2 L2-L3");
  EXPECT_EQ(read("L1-L3", false), "L1 L2 L3");
}

TEST(ImagingLevels, OtherWordsAreNone) {
  for (const char* text :
       {"L9", "T13", "S6", "C8", "L", "Lumbar", "L46", "L456", "T2FLAIR", "C3PO", "S1x"}) {
    EXPECT_EQ(read(text), "-") << text;
  }
}

TEST(ImagingLevels, APlaceJoinsItsRows) {
  const auto row = [](std::string_view text) { return level_at(text)->row; };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_of({{row("L4"), row("L5")}, Joined::slip}, true), Names{"L4-L5"});
  EXPECT_EQ(names_of({{row("L2"), row("L3"), row("L3"), row("L4")}, Joined::slip}, true),
            (Names{"L2-L3", "L3-L4"}));
  EXPECT_EQ(names_of({{row("L3"), row("S1")}, Joined::range}, true),
            (Names{"L3-L4", "L4-L5", "L5-S1"}));
  EXPECT_EQ(names_of({{row("L2-3"), row("L4-5")}, Joined::range}, true),
            (Names{"L2-L3", "L3-L4", "L4-L5"}));
  EXPECT_EQ(names_of({{row("T12"), row("L1")}}, false), (Names{"T12", "L1"}));
}

}  // namespace
}  // namespace meridian::imaging
