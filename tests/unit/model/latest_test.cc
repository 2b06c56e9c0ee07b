// SPDX-License-Identifier: Apache-2.0
// Of several versions of one record the latest counts, in whatever order they come.
#include "model/latest.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace meridian {
namespace {

Condition condition(const char* ref, const char* version, const char* changed = "",
                    std::size_t offset = 0) {
  Condition made;
  made.ref = ref;
  made.version = version;
  if (const auto at = parse_partial_date(changed)) made.last_updated = *at;
  made.provenance.offset = offset;
  return made;
}

TEST(IsLater, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(is_later(condition("Condition/a", "10"), condition("Condition/a", "9")));
  EXPECT_FALSE(is_later(condition("Condition/a", "9"), condition("Condition/a", "10")));
  EXPECT_FALSE(is_later(condition("Condition/a", "9"), condition("Condition/a", "9")));
}

TEST(IsLater, ComparesTimesWhereVersionsAreOpaque) {
  const auto first = condition("Condition/a", "f3c1", "2026-11-20T09:00:00Z");
  const auto second = condition("Condition/a", "0a77", "2026-11-20T10:00:00+00:00");
  EXPECT_TRUE(is_later(second, first));
  EXPECT_FALSE(is_later(first, second));
}

TEST(IsLater, OneThatSaysWhenBeatsOneThatDoesNot) {
  const auto silent = condition("Condition/a", "");
  const auto dated = condition("Condition/a", "", "2026-11-20T09:00:00Z");
  EXPECT_TRUE(is_later(dated, silent));
  EXPECT_FALSE(is_later(silent, dated));
  EXPECT_FALSE(is_later(silent, silent));
}

TEST(KeepLatest, LeavesOneVersionOfEachInAnyOrder) {
  std::vector<Condition> versions = {condition("Condition/a", "1"), condition("Condition/a", "2"),
                                     condition("Condition/a", "11"), condition("Condition/b", "1")};
  const auto less = [](const Condition& a, const Condition& b) {
    return std::pair(a.ref, a.version) < std::pair(b.ref, b.version);
  };
  std::sort(versions.begin(), versions.end(), less);
  do {
    RecordSet set;
    set.conditions = versions;
    keep_latest(set);
    ASSERT_EQ(set.conditions.size(), 2u);
    for (const auto& kept : set.conditions) {
      EXPECT_EQ(kept.version, kept.ref == "Condition/a" ? "11" : "1");
    }
  } while (std::next_permutation(versions.begin(), versions.end(), less));
}

TEST(KeepLatest, DropsTheBytesOfOlderVersions) {
  RecordSet set;
  set.conditions = {condition("Condition/a", "1", "", 10), condition("Condition/a", "2", "", 50)};
  set.resources = {{"Condition", "a", "", 10, 5, true, ""},
                   {"Condition", "a", "", 50, 5, true, ""}};
  keep_latest(set);
  ASSERT_EQ(set.resources.size(), 1u);
  EXPECT_EQ(set.resources[0].offset, 50u);
}

TEST(KeepLatest, KeepsRecordsThatHaveNoRef) {
  RecordSet set;
  set.conditions = {condition("", "1"), condition("", "1")};
  keep_latest(set);
  EXPECT_EQ(set.conditions.size(), 2u);
}

}  // namespace
}  // namespace meridian
