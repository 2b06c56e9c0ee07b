// SPDX-License-Identifier: Apache-2.0
// Shelves: what a destination reads here and when it changed; and names that are taken once.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::minutes;

class StoreShelf : public Contract {
 protected:
  void put(const std::string& referral, const std::string& destination) {
    Changes changes;
    changes.shelves.push_back({DestinationId(destination), ReferralId(referral)});
    apply(store(), changes);
    clock().advance(minutes(1));
  }
  std::vector<std::string> on(const std::string& destination, Instant since = Instant{}) {
    std::vector<std::string> referrals;
    const auto rows = store().shelf(DestinationId(destination), since);
    EXPECT_TRUE(rows);
    for (const auto& row : *rows) referrals.push_back(row.referral.str());
    return referrals;
  }
};
INSTANTIATE_TEST_SUITE_P(All, StoreShelf, testing::ValuesIn(openers()), opener_name);

using Referrals = std::vector<std::string>;

TEST_P(StoreShelf, HoldsEachReferralOnceByItsLastChange) {
  const auto begin = clock().now();
  put("1", "willow");
  put("2", "willow");
  put("3", "birch");
  EXPECT_EQ(on("willow"), (Referrals{"1", "2"}));
  put("1", "willow");
  EXPECT_EQ(on("willow"), (Referrals{"2", "1"}));
  EXPECT_EQ(on("birch"), Referrals{"3"});
  EXPECT_EQ(on("cedar"), Referrals{});
  const auto rows = *store().shelf(DestinationId("willow"), Instant{});
  EXPECT_EQ(rows[0].changed_at, begin + minutes(1));
  EXPECT_EQ(rows[1].changed_at, begin + minutes(3));
}

TEST_P(StoreShelf, ListsWhatChangedSinceAnInstant) {
  put("1", "willow");
  const auto later = clock().now();
  put("2", "willow");
  EXPECT_EQ(on("willow", later), Referrals{"2"});
  EXPECT_EQ(on("willow", later + minutes(1)), Referrals{});
  reopen();
  EXPECT_EQ(on("willow"), (Referrals{"1", "2"}));
}

TEST_P(StoreShelf, IsWrittenWithTheRestOrNotAtAll) {
  Changes changes;
  changes.shelves.push_back({DestinationId("willow"), ReferralId("1")});
  ReferralChange gone;
  gone.row.id = ReferralId("nowhere");
  gone.expected_version = 7;
  changes.referrals.push_back(gone);
  EXPECT_EQ(store().apply(changes).error().code, ErrorCode::stale);
  EXPECT_EQ(on("willow"), Referrals{});
}

TEST_P(StoreShelf, ANameIsTakenOnceUntilItsTimeIsOver) {
  EXPECT_TRUE(*store().hold_lease("once|a", "first", minutes(5)));
  EXPECT_FALSE(*store().hold_lease("once|a", "second", minutes(5)));
  EXPECT_TRUE(*store().hold_lease("once|a", "first", minutes(5))) << "the same mark again";
  EXPECT_TRUE(*store().hold_lease("once|b", "second", minutes(60))) << "another name";
  clock().advance(minutes(5));
  EXPECT_TRUE(*store().hold_lease("once|a", "second", minutes(5)));
  EXPECT_FALSE(*store().hold_lease("once|b", "first", minutes(5))) << "its time is not over";
}

}  // namespace
}  // namespace meridian::store
