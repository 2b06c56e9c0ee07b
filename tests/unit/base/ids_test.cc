// SPDX-License-Identifier: Apache-2.0
// Ids: ULIDs sort by time, never repeat, and use only the letters they should.
#include "base/ids.h"

#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "base/time.h"

namespace meridian {
namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Milliseconds in the first ten characters.
std::int64_t time_of(const std::string& ulid) {
  std::int64_t ms = 0;
  for (const char c : ulid.substr(0, 10)) {
    ms = ms * 32 + static_cast<std::int64_t>(crockford.find(c));
  }
  return ms;
}

TEST(Ulid, HasTwentySixCharactersOfCrockfordsAlphabet) {
  for (int i = 0; i < 1000; ++i) {
    const std::string ulid = new_ulid();
    ASSERT_EQ(ulid.size(), 26u);
    ASSERT_EQ(ulid.find_first_not_of(crockford), std::string::npos) << ulid;
    ASSERT_LE(ulid[0], '7') << "128 bits leave three for the first character";
  }
}

TEST(Ulid, SortsInTheOrderInWhichTheyWereMadeAlsoWithinAMillisecond) {
  std::string last = new_ulid();
  for (int i = 0; i < 5000; ++i) {
    const std::string next = new_ulid();
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST(Ulid, CarriesTheTimeItWasMade) {
  const auto before = system_now().time_since_epoch().count();
  const auto made = time_of(new_ulid());
  const auto after = system_now().time_since_epoch().count();
  EXPECT_LE(before, made);
  EXPECT_LE(made, after);
}

TEST(Ulid, NeverRepeatsAcrossThreads) {
  constexpr int threads = 4;
  constexpr int each = 2000;
  std::vector<std::vector<std::string>> made(threads);
  {
    std::vector<std::jthread> makers;
    for (auto& mine : made) {
      makers.emplace_back([&mine] {
        for (int i = 0; i < each; ++i) mine.push_back(new_ulid());
      });
    }
  }
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), std::size_t{threads} * each);
}

TEST(Ulid, EveryRandomCharacterVariesFromOneMillisecondToTheNext) {
  std::vector<std::set<char>> seen(26);
  std::string last;
  for (int milliseconds = 0; milliseconds < 200;) {
    const std::string ulid = new_ulid();
    if (ulid.substr(0, 10) == last) continue;  // the same millisecond counts up
    last = ulid.substr(0, 10);
    ++milliseconds;
    for (std::size_t at = 0; at < ulid.size(); ++at) seen[at].insert(ulid[at]);
  }
  for (std::size_t at = 10; at < 26; ++at) EXPECT_GT(seen[at].size(), 16u) << "character " << at;
}

TEST(KeyedId, IsTheSameForTheSameKeyAndTextAndForNothingElse) {
  // The first 128 bits of HMAC-SHA-256("key", "text"), in Crockford base 32.
  EXPECT_EQ(keyed_id("key", "text"), keyed_id("key", "text"));
  EXPECT_EQ(keyed_id("key", "text").size(), 26u);
  EXPECT_LE(keyed_id("key", "text").front(), '7');
  EXPECT_NE(keyed_id("key", "text"), keyed_id("key", "texts"));
  EXPECT_NE(keyed_id("key", "text"), keyed_id("other", "text"));
  // So that an upgrade cannot change ids that receivers know: from another implementation of both.
  EXPECT_EQ(keyed_id("key", "text"), "3AZA84DAAQKJPH8EHR9GDNCJWT");
}

TEST(Id, ComparesByItsText) {
  EXPECT_EQ(ReferralId("A"), ReferralId("A"));
  EXPECT_LT(ReferralId("A"), ReferralId("B"));
  EXPECT_TRUE(ReferralId().empty());
  EXPECT_EQ(MessageId("m1").str(), "m1");
}

}  // namespace
}  // namespace meridian
