// SPDX-License-Identifier: Apache-2.0
// OUT: order, leases and settlements.
#include <set>

#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class StoreOut : public Contract {
 protected:
  /// Puts a delivery into the outbox; its key tells it from the others.
  void add(const ReferralId& referral, const std::string& key, const std::string& to = "clinic",
           const std::string& kind = "referral", std::int64_t version = 0) {
    auto delivery = a_delivery(referral, to, clock().now());
    delivery.key = key;
    delivery.kind = kind;
    delivery.body = "body of " + key;
    delivery.rests_on_version = version;
    Changes changes;
    changes.deliveries.push_back(delivery);
    apply(store(), changes);
  }
  std::optional<Delivery> claim(const std::string& to = "clinic") {
    return *store().claim_delivery(DestinationId(to), "sender", minutes(1));
  }
  std::string claimed_key(const std::string& to = "clinic") {
    const auto delivery = claim(to);
    return delivery ? delivery->key : "nothing";
  }
  void settle(const Delivery& delivery, const Settlement& settlement) {
    const auto settled = store().settle_delivery(delivery, settlement, {});
    ASSERT_TRUE(settled) << settled.error().what.view();
  }
  DeliveryRow only_row(const ReferralId& referral) { return store().deliveries(referral)->at(0); }

  const ReferralId one_{"01ONE"};
  const ReferralId two_{"01TWO"};
  const Settlement delivered_{DeliveryState::delivered, {}, "Task/9", "", false};
  const Settlement dead_{DeliveryState::dead, {}, "", "invalid", false};
  const Settlement ambiguous_{DeliveryState::ambiguous, {}, "", "timed_out", true};
};
TEST_P(StoreOut, TalliesWhatWaitsByDestinationStateAndError) {
  EXPECT_TRUE(store().tallies()->deliveries.empty());
  const auto came = clock().now();
  apply(store(), new_referral(a_referral("01ONE")));
  add(one_, "first");
  clock().advance(minutes(2));
  add(one_, "second");
  add(ReferralId("01TWO"), "other", "practice");
  settle(*claim(), {DeliveryState::queued, clock().now() + minutes(9), "", "unavailable"});
  settle(*claim("practice"), {DeliveryState::dead, {}, "", "invalid"});
  const auto tallies = *store().tallies();
  ASSERT_EQ(tallies.referrals.size(), 1u);
  EXPECT_EQ(tallies.referrals[0].count, 1);
  std::set<std::string> seen;
  for (const auto& one : tallies.deliveries) {
    seen.insert(one.destination.str() + " " + delivery_state_name(one.state) + " " + one.error +
                " " + std::to_string(one.count));
    if (one.error == "unavailable") {
      EXPECT_EQ(one.oldest, came) << "a retry does not make it younger";
    }
  }
  EXPECT_EQ(seen, (std::set<std::string>{"clinic queued unavailable 1", "clinic queued  1",
                                         "practice dead invalid 1"}));
}

INSTANTIATE_TEST_SUITE_P(All, StoreOut, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreOut, HandsOutAWholeDeliveryAndSettlesIt) {
  add(one_, "k1", "clinic", "referral", 4);
  const auto delivery = claim();
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->referral, one_);
  EXPECT_EQ(delivery->destination, DestinationId("clinic"));
  EXPECT_EQ(delivery->kind, "referral");
  EXPECT_EQ(delivery->media_type, "application/fhir+json");
  EXPECT_EQ(delivery->body, "body of k1");
  EXPECT_EQ(delivery->rests_on_version, 4);
  EXPECT_EQ(delivery->attempts, 0);
  EXPECT_FALSE(delivery->maybe_arrived);
  EXPECT_EQ(only_row(one_).state, DeliveryState::in_flight);

  clock().advance(seconds(2));
  auto row = a_referral();
  ASSERT_TRUE(store().settle_delivery(*delivery, delivered_, new_referral(row)));
  const auto settled = only_row(one_);
  EXPECT_EQ(settled.state, DeliveryState::delivered);
  EXPECT_EQ(settled.receipt, "Task/9");
  EXPECT_EQ(settled.settled_at, clock().now());
  EXPECT_EQ(settled.attempts, 1);
  EXPECT_TRUE(*store().referral(row.id));
  EXPECT_EQ(store().counts()->delivered, 1);
  EXPECT_FALSE(*store().next_due());
}

TEST_P(StoreOut, KeepsTheOrderPerReferralAndDestination) {
  add(one_, "one first");
  add(one_, "one second");
  add(two_, "two first");
  add(one_, "one elsewhere", "hospital");
  const auto first = claim();
  EXPECT_EQ(first->key, "one first");
  EXPECT_EQ(claimed_key(), "two first");
  EXPECT_EQ(claimed_key(), "nothing");
  EXPECT_EQ(claimed_key("hospital"), "one elsewhere");
  settle(*first, delivered_);
  EXPECT_EQ(claimed_key(), "one second");
}

TEST_P(StoreOut, HoldsTheLineWhileTheFirstWaitsForItsNextTry) {
  add(one_, "first");
  add(one_, "second");
  const auto first = claim();
  settle(*first, {DeliveryState::queued, clock().now() + minutes(2), "", "unavailable", false});
  EXPECT_EQ(claimed_key(), "nothing");
  EXPECT_TRUE(store().due_destinations()->empty());
  EXPECT_EQ(*store().next_due(), clock().now() + minutes(2));
  clock().advance(minutes(2));
  EXPECT_EQ(store().due_destinations()->size(), 1u);
  const auto again = claim();
  EXPECT_EQ(again->key, "first");
  EXPECT_EQ(again->attempts, 1);
  EXPECT_FALSE(again->maybe_arrived);
}

TEST_P(StoreOut, LetsOthersPassADeadOne) {
  add(one_, "first");
  add(one_, "second");
  settle(*claim(), dead_);
  EXPECT_EQ(claimed_key(), "second");
  const auto letters = *store().dead_letters(10);
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].key, "first");
  EXPECT_EQ(letters[0].error, "invalid");
  EXPECT_EQ(letters[0].body, "body of first");
  EXPECT_EQ(store().counts()->dead, 1);
}

TEST_P(StoreOut, LetsAnAmbiguousOneHoldOnlyItsOwnLine) {
  add(one_, "first");
  add(one_, "second");
  add(two_, "other");
  settle(*claim(), ambiguous_);
  EXPECT_EQ(claimed_key(), "other");
  EXPECT_EQ(claimed_key(), "nothing");
  clock().advance(minutes(60));
  EXPECT_EQ(store().counts()->ambiguous, 1);
  const auto rows = *store().deliveries(one_);
  EXPECT_EQ(rows[0].state, DeliveryState::ambiguous);
  EXPECT_EQ(rows[0].error, "timed_out");
}

TEST_P(StoreOut, RemembersThatAQueuedOneMayHaveArrived) {
  add(one_, "first");
  settle(*claim(), {DeliveryState::queued, clock().now(), "", "timed_out", true});
  EXPECT_TRUE(claim()->maybe_arrived);
}

TEST_P(StoreOut, SaysThatOneMayHaveArrivedWhenItsLeaseRanOut) {
  add(one_, "first");
  const auto lost = claim();
  EXPECT_EQ(claimed_key(), "nothing");
  clock().advance(minutes(1));
  const auto again = claim();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->maybe_arrived);
  EXPECT_EQ(again->attempts, 1);
  EXPECT_EQ(store().settle_delivery(*lost, delivered_, {}).error().code, ErrorCode::stale);
  settle(*again, delivered_);
}

TEST_P(StoreOut, PutsAlertsBeforeAllOthersAndBehindNone) {
  add(one_, "first");
  add(one_, "alert 1", "clinic", "alert");
  add(one_, "alert 2", "clinic", "alert");
  const auto alert = claim();
  EXPECT_EQ(alert->key, "alert 1");
  settle(*alert, ambiguous_);
  EXPECT_EQ(claimed_key(), "alert 2");
  EXPECT_EQ(claimed_key(), "first");
}

TEST_P(StoreOut, LeavesWhatASettlementCouldNotChange) {
  add(one_, "first");
  const auto delivery = *claim();
  auto row = a_referral();
  Changes changes;
  changes.referrals.push_back({row, 3});
  EXPECT_EQ(store().settle_delivery(delivery, delivered_, changes).error().code, ErrorCode::stale);
  EXPECT_EQ(only_row(one_).state, DeliveryState::in_flight);
  settle(delivery, delivered_);
}

TEST_P(StoreOut, SupersedesWhatIsQueuedAndRestsOnAVersion) {
  add(one_, "under way", "clinic", "referral", 1);
  add(one_, "queued", "hospital", "referral", 1);
  add(one_, "a note", "surgery", "consult_note", 0);
  add(one_, "an alert", "pager", "alert", 1);
  add(two_, "of another", "lab", "referral", 1);
  const auto under_way = claim();
  Changes changes;
  changes.supersede.push_back(one_);
  auto fresh = a_delivery(one_, "hospital", clock().now());
  fresh.key = "fresh";
  fresh.rests_on_version = 2;
  changes.deliveries.push_back(fresh);
  apply(store(), changes);
  EXPECT_EQ(claimed_key("hospital"), "fresh");
  EXPECT_EQ(claimed_key("surgery"), "a note");
  EXPECT_EQ(claimed_key("pager"), "an alert");
  EXPECT_EQ(claimed_key("lab"), "of another");
  settle(*under_way, delivered_);
  EXPECT_EQ(store().deliveries(one_)->at(1).state, DeliveryState::superseded);
}

TEST_P(StoreOut, NamesTheDestinationsThatHaveSomethingDueOldestFirst) {
  add(one_, "a", "zebra");
  clock().advance(seconds(1));
  add(one_, "b", "ape");
  auto later = a_delivery(one_, "later", clock().now() + minutes(1));
  Changes changes;
  changes.deliveries.push_back(later);
  apply(store(), changes);
  const std::vector<DestinationId> due{DestinationId("zebra"), DestinationId("ape")};
  EXPECT_EQ(*store().due_destinations(), due);
}

TEST_P(StoreOut, DoesWhatAPersonDecides) {
  add(one_, "a");
  add(two_, "b");
  const auto a = *claim();
  const auto b = *claim();
  EXPECT_EQ(store().decide_delivery(a.number, DeliveryState::queued, {}).error().code,
            ErrorCode::not_found);
  settle(a, dead_);
  settle(b, ambiguous_);
  auto row = a_referral();
  ASSERT_TRUE(store().decide_delivery(b.number, DeliveryState::delivered, new_referral(row)));
  EXPECT_EQ(only_row(two_).state, DeliveryState::delivered);
  EXPECT_TRUE(*store().referral(row.id));
  ASSERT_TRUE(store().decide_delivery(a.number, DeliveryState::queued, {}));
  EXPECT_EQ(claimed_key(), "a");
  EXPECT_EQ(store().decide_delivery(a.number, DeliveryState::ambiguous, {}).error().code,
            ErrorCode::invalid);
}

}  // namespace
}  // namespace meridian::store
