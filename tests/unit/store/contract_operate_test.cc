// SPDX-License-Identifier: Apache-2.0
// What people at the command line ask for, and a database that was put back from a backup.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::minutes;

class StoreOperate : public Contract {
 protected:
  void add(const ReferralId& referral, const std::string& to, const std::string& kind = "referral",
           bool maybe_arrived = false) {
    auto delivery = a_delivery(referral, to, clock().now());
    delivery.kind = kind;
    delivery.maybe_arrived = maybe_arrived;
    Changes changes;
    changes.deliveries.push_back(delivery);
    apply(store(), changes);
  }
  std::optional<Delivery> claim(const std::string& to) {
    return *store().claim_delivery(DestinationId(to), "sender", minutes(1));
  }
  void settle(const Delivery& delivery, DeliveryState state, const std::string& error) {
    ASSERT_TRUE(store().settle_delivery(delivery, {state, {}, "Task/9", error, false}, {}));
  }
  NewMessage set_aside() {
    auto message = a_message("m1", "cut off");
    message.quarantined = true;
    message.issues = {{Severity::fatal, "structure", "", "cut off"}};
    return message;
  }

  const ReferralId one_{"01ONE"};
  const ReferralId two_{"01TWO"};
};
INSTANTIATE_TEST_SUITE_P(All, StoreOperate, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreOperate, ShowsWhatWaitsOldestFirstAndEachDeliveryByItsNumber) {
  add(one_, "dead");
  add(one_, "done");
  add(one_, "unclear");
  add(one_, "under way");
  add(one_, "queued", "status", true);
  settle(*claim("dead"), DeliveryState::dead, "invalid");
  settle(*claim("done"), DeliveryState::delivered, "");
  settle(*claim("unclear"), DeliveryState::ambiguous, "timed_out");
  ASSERT_TRUE(claim("under way"));
  std::vector<std::string> shown;
  const auto rows = *store().outbox(10);
  for (const auto& row : rows) shown.push_back(row.destination.str());
  EXPECT_EQ(shown, (std::vector<std::string>{"unclear", "under way", "queued"}));
  EXPECT_EQ(store().outbox(2)->size(), 2u);
  EXPECT_TRUE(store().outbox(10)->at(2).maybe_arrived);

  const auto done = **store().delivery(2);
  EXPECT_EQ(done.state, DeliveryState::delivered);
  EXPECT_EQ(done.receipt, "Task/9");
  EXPECT_EQ(done.body, "a packet");
  EXPECT_EQ((*store().delivery(1))->error, "invalid");
  EXPECT_FALSE(*store().delivery(6));
}

TEST_P(StoreOperate, HandsOutWhatMayHaveArrivedBeforeItsFirstTryAsSuch) {
  add(one_, "clinic", "referral", true);
  EXPECT_TRUE(claim("clinic")->maybe_arrived);
}

TEST_P(StoreOperate, SendsAnAmbiguousOneAgainAsNotArrivedSinceAPersonLooked) {
  add(one_, "clinic");
  add(two_, "clinic");
  settle(*claim("clinic"), DeliveryState::ambiguous, "timed_out");
  const auto second = *claim("clinic");
  ASSERT_TRUE(store().settle_delivery(second, {DeliveryState::dead, {}, "", "invalid", true}, {}));
  ASSERT_TRUE(store().decide_delivery(1, DeliveryState::queued, {}));
  ASSERT_TRUE(store().decide_delivery(2, DeliveryState::queued, {}));
  EXPECT_FALSE(claim("clinic")->maybe_arrived);
  EXPECT_TRUE(claim("clinic")->maybe_arrived);
}

TEST_P(StoreOperate, ReleasesAMessageThatIsInQuarantineOnce) {
  const auto message = set_aside();
  ASSERT_TRUE(store().accept(message, {}));
  const auto row = a_referral();
  ASSERT_TRUE(store().release_message(message.id, "taken after all", new_referral(row)));
  EXPECT_TRUE(*store().referral(row.id));
  EXPECT_TRUE(store().quarantine(10)->empty());
  EXPECT_EQ(store().counts()->quarantined, 0);
  EXPECT_EQ(store().accept(message, {})->answer, "taken after all");
  EXPECT_EQ(store().release_message(message.id, "", {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(store().release_message(MessageId("none"), "", {}).error().code, ErrorCode::not_found);
}

TEST_P(StoreOperate, LeavesAMessageInQuarantineWhenWhatFollowsCrossesAnother) {
  const auto message = set_aside();
  ASSERT_TRUE(store().accept(message, {}));
  Changes changes;
  changes.referrals.push_back({a_referral(), 3});
  EXPECT_EQ(store().release_message(message.id, "", changes).error().code, ErrorCode::stale);
  EXPECT_EQ(store().quarantine(10)->size(), 1u);
}

TEST_P(StoreOperate, AppliesWhatAPersonDecided) {
  const auto row = a_referral();
  auto changes = new_referral(row);
  changes.audits.push_back({"Referral.redirect", "Ada", row.id.str(), "success"});
  ASSERT_TRUE(store().apply(changes));
  EXPECT_TRUE(*store().referral(row.id));
  EXPECT_EQ(store().audit(1)->front().actor, "Ada");
  EXPECT_EQ(store().apply(changes).error().code, ErrorCode::stale);
}

TEST_P(StoreOperate, MarksAllThatIsOpenAfterARestore) {
  add(one_, "queued");
  add(two_, "under way");
  add(one_, "pager", "alert");
  add(one_, "dead");
  const auto lost = claim("under way");
  settle(*claim("dead"), DeliveryState::dead, "invalid");
  Changes audited;
  audited.audits.push_back({"PatientRead", "engine", one_.str(), "success"});
  apply(store(), audited);
  const auto taken_at = clock().now() - minutes(5);
  EXPECT_TRUE(store().restores()->empty());

  EXPECT_EQ(*store().mark_restored(taken_at, "Ada"), 3);
  for (const char* to : {"queued", "under way", "pager"}) {
    const auto delivery = claim(to);
    ASSERT_TRUE(delivery) << to;
    EXPECT_TRUE(delivery->maybe_arrived) << to;
  }
  EXPECT_EQ(store().settle_delivery(*lost, {}, {}).error().code, ErrorCode::stale);
  EXPECT_FALSE(store().dead_letters(1)->front().maybe_arrived);

  const auto restores = *store().restores();
  ASSERT_EQ(restores.size(), 1u);
  EXPECT_EQ(restores[0].taken_at, taken_at);
  EXPECT_EQ(restores[0].restored_at, clock().now());
  EXPECT_NE(restores[0].cut.find(":1"), std::string::npos) << restores[0].cut;
  const auto entry = store().audit(1)->front();
  EXPECT_EQ(entry.event, "Restored");
  EXPECT_EQ(entry.actor, "Ada");
  EXPECT_NE(entry.object.find(restores[0].cut), std::string::npos) << entry.object;
  EXPECT_EQ(*store().verify_audit(), 2);
}

TEST_P(StoreOperate, NamesTheNewestRestoreFirst) {
  ASSERT_TRUE(store().mark_restored(clock().now(), "Ada"));
  clock().advance(minutes(1));
  ASSERT_TRUE(store().mark_restored(clock().now(), "Ben"));
  reopen();
  const auto restores = *store().restores();
  ASSERT_EQ(restores.size(), 2u);
  EXPECT_EQ(restores[0].restored_at, clock().now());
}

}  // namespace
}  // namespace meridian::store
