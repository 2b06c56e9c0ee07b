// SPDX-License-Identifier: Apache-2.0
// Offers: what each destination has of us, and how it answers.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class StoreOffers : public Contract {
 protected:
  void change(const std::string& referral, const std::string& to, const std::string& answer = "") {
    Changes changes;
    changes.offers.push_back({ReferralId(referral), DestinationId(to), clock().now(), answer});
    apply(store(), changes);
  }
  OfferLoad only_load(Instant since = Instant{}) {
    const auto loads = *store().loads(since);
    EXPECT_EQ(loads.size(), 1u);
    return loads.empty() ? OfferLoad{} : loads.front();
  }
};
INSTANTIATE_TEST_SUITE_P(All, StoreOffers, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreOffers, AreCountedPerDestinationWithTheMeanTimeOfTheirAnswers) {
  change("1", "birch");
  change("2", "birch");
  change("3", "birch");
  change("1", "willow");
  clock().advance(hours(2));
  change("1", "birch", "declined");
  clock().advance(hours(2));
  change("2", "birch", "accepted");
  const auto loads = *store().loads(Instant{});
  ASSERT_EQ(loads.size(), 2u);
  EXPECT_EQ(loads[0].destination.str(), "birch");
  EXPECT_EQ(loads[0].open, 1);
  EXPECT_EQ(loads[0].accepted, 1);
  EXPECT_EQ(loads[0].declined, 1);
  EXPECT_EQ(loads[0].mean_answer, milliseconds(hours(3)));
  EXPECT_EQ(loads[1].destination.str(), "willow");
  EXPECT_EQ(loads[1].open, 1);
  EXPECT_EQ(loads[1].mean_answer, milliseconds(0));
}

TEST_P(StoreOffers, CountOnlySinceTheInstant) {
  change("1", "birch");
  clock().advance(hours(1));
  const auto later = clock().now();
  change("2", "birch");
  EXPECT_EQ(only_load(later).open, 1);
  EXPECT_EQ(only_load().open, 2);
  EXPECT_TRUE(store().loads(later + milliseconds(1))->empty());
}

TEST_P(StoreOffers, KeepTheFirstAnswer) {
  change("1", "birch");
  clock().advance(hours(1));
  change("1", "birch", "accepted");
  clock().advance(hours(9));
  change("1", "birch", "declined");
  change("1", "birch");
  const auto load = only_load();
  EXPECT_EQ(load.accepted, 1);
  EXPECT_EQ(load.declined, 0);
  EXPECT_EQ(load.open, 0);
  EXPECT_EQ(load.mean_answer, milliseconds(hours(1)));
}

TEST_P(StoreOffers, ThatWereWithdrawnAreNeitherOpenNorAnswered) {
  change("1", "birch");
  clock().advance(hours(1));
  change("1", "birch", "withdrawn");
  const auto load = only_load();
  EXPECT_EQ(load.open + load.accepted + load.declined, 0);
  EXPECT_EQ(load.mean_answer, milliseconds(0));
}

TEST_P(StoreOffers, MadeAnewBeforeAnAnswerStartAnew) {
  change("1", "birch");
  clock().advance(hours(5));
  change("1", "birch");
  clock().advance(hours(1));
  change("1", "birch", "accepted");
  EXPECT_EQ(only_load().mean_answer, milliseconds(hours(1)));
}

TEST_P(StoreOffers, AnAnswerToNoOfferChangesNothing) {
  change("1", "birch", "accepted");
  EXPECT_TRUE(store().loads(Instant{})->empty());
}

}  // namespace
}  // namespace meridian::store
