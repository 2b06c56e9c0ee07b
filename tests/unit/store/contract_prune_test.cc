// SPDX-License-Identifier: Apache-2.0
// Retention: which bodies go, and what stays of them.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::hours;
constexpr hours month(31 * 24);

class StorePrune : public Contract {
 protected:
  /// A referral with a message, gathered records and a delivery; some message that rests on none.
  ReferralRow make(const std::string& state) {
    auto row = a_referral(state);
    row.created_at = row.updated_at = clock().now();
    auto message = a_message(new_ulid(), "the order");
    message.received_at = clock().now();
    auto changes = new_referral(row);
    changes.events.push_back({row.id, "surgeon", "1", "ordered", clock().now(), message.id, "{}"});
    changes.deliveries.push_back(a_delivery(row.id, "willow", clock().now()));
    changes.shelves.push_back({DestinationId("willow"), row.id});
    EXPECT_TRUE(store().accept(message, changes));
    EXPECT_TRUE(store().keep_facts({row.id, "fhir", "how complete", "records", clock().now()}));
    return row;
  }
  void deliver() {
    const auto claimed =
        *store().claim_delivery(DestinationId("willow"), "sender", std::chrono::minutes(1));
    ASSERT_TRUE(claimed);
    ASSERT_TRUE(
        store().settle_delivery(*claimed, {DeliveryState::delivered, {}, "got it", "", false}, {}));
  }
  MessageId message_alone(const std::string& sender_id) {
    auto message = a_message(sender_id, "an admission");
    message.received_at = clock().now();
    EXPECT_TRUE(store().accept(message, {}));
    return message.id;
  }
  Retention all_before(Instant at) {
    Retention retention;
    retention.messages_before = retention.referrals_before = at;
    retention.ended = {"closed", "declined"};
    return retention;
  }
  std::int64_t prune(const Retention& retention) {
    Pruning walk;
    for (int steps = 0; !walk.done && steps < 1000; ++steps) {
      const auto next = store().prune(retention, walk);
      EXPECT_TRUE(next) << next.error().what.view() << " " << next.error().detail;
      if (!next) break;
      walk = *next;
    }
    EXPECT_TRUE(walk.done);
    return walk.bodies;
  }
  bool has_all(const ReferralRow& row) {
    return store().messages_of(row.id)->size() == 1 && store().latest_facts(row.id)->has_value() &&
           store().deliveries(row.id)->front().body == "a packet" &&
           store().shelf(DestinationId("willow"), Instant{})->size() == 1;
  }
  bool has_none(const ReferralRow& row) {
    return store().messages_of(row.id)->empty() && !*store().latest_facts(row.id) &&
           store().deliveries(row.id)->front().body.empty() &&
           store().shelf(DestinationId("willow"), Instant{})->empty();
  }
};
INSTANTIATE_TEST_SUITE_P(All, StorePrune, testing::ValuesIn(openers()), opener_name);

TEST_P(StorePrune, TakesTheBodiesOfAReferralThatEndedAndKeepsWhatHappened) {
  const auto row = make("closed");
  deliver();
  const auto message = store().messages_of(row.id)->front();
  clock().advance(3 * month);
  EXPECT_TRUE(has_all(row));
  EXPECT_EQ(prune(all_before(clock().now() - month)), 3);
  EXPECT_TRUE(has_none(row));
  EXPECT_FALSE(*store().message(message.id));
  const auto delivery = store().deliveries(row.id)->front();
  EXPECT_EQ(delivery.receipt, "got it");
  EXPECT_EQ(delivery.state, DeliveryState::delivered);
  EXPECT_EQ(store().events(row.id)->size(), 1u);
  EXPECT_EQ((*store().referral(row.id))->decision, row.decision);
  EXPECT_EQ(prune(all_before(clock().now())), 0);
  reopen();
  EXPECT_TRUE(has_none(row));
}

TEST_P(StorePrune, KnowsARepeatOfAMessageWhoseBodyIsGone) {
  const auto id = message_alone("visit-1");
  clock().advance(3 * month);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 1);
  EXPECT_FALSE(*store().message(id));
  EXPECT_TRUE(*store().has_message(SourceId("hospital"), "visit-1"));
  const auto again = store().accept(a_message("visit-1", "an admission"), {});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeat);
  EXPECT_EQ(again->answer, "taken");
  EXPECT_EQ(store().accept(a_message("visit-1", "another"), {}).error().code, ErrorCode::conflict);
}

TEST_P(StorePrune, KeepsWhatAnOpenReferralRestsOnHoweverOld) {
  const auto row = make("accepted");
  deliver();
  message_alone("visit-1");
  clock().advance(40 * month);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 1);
  EXPECT_TRUE(has_all(row));
  // It ends at last, and its time begins.
  auto ended = *store().referral(row.id);
  ended->state = "closed";
  ended->updated_at = clock().now();
  Changes changes;
  changes.referrals.push_back({*ended, ended->version});
  ASSERT_TRUE(store().apply(changes));
  clock().advance(month / 2);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 0);
  EXPECT_TRUE(has_all(row));
  clock().advance(month);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 3);
  EXPECT_TRUE(has_none(row));
}

TEST_P(StorePrune, KeepsWhatTwoReferralsRestOnUntilBothAreOver) {
  const auto first = make("closed");
  deliver();
  const auto message = store().messages_of(first.id)->front().id;
  auto other = a_referral("accepted");
  auto changes = new_referral(other);
  changes.events.push_back({other.id, "surgeon", "2", "ordered", clock().now(), message, "{}"});
  ASSERT_TRUE(store().apply(changes));
  clock().advance(3 * month);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 2);
  EXPECT_TRUE(*store().message(message));
}

TEST_P(StorePrune, KeepsWhatIsHeldForAsLongAsItIs) {
  const auto row = make("closed");
  deliver();
  clock().advance(3 * month);
  auto retention = all_before(clock().now() - month);
  retention.held = {ReferralId("another"), row.id};
  EXPECT_EQ(prune(retention), 0);
  EXPECT_TRUE(has_all(row));
  retention.held = {ReferralId("another")};
  EXPECT_EQ(prune(retention), 3);
  EXPECT_TRUE(has_none(row));
}

TEST_P(StorePrune, KeepsWhatWasNotReadAndWhatIsNotSettled) {
  const auto row = make("closed");  // its delivery waits
  auto unread = a_message("odd", "not readable");
  unread.received_at = clock().now();
  unread.quarantined = true;
  ASSERT_TRUE(store().accept(unread, {}));
  clock().advance(3 * month);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 2);
  EXPECT_TRUE(*store().message(unread.id));
  EXPECT_EQ(store().deliveries(row.id)->front().body, "a packet");
  const auto claimed =
      *store().claim_delivery(DestinationId("willow"), "sender", std::chrono::minutes(1));
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->body, "a packet");
}

TEST_P(StorePrune, MessagesGoBeforeReferralsWhereTheSiteSaysSo) {
  const auto row = make("closed");
  deliver();
  message_alone("visit-1");
  clock().advance(3 * month);
  auto retention = all_before(clock().now() - month);
  retention.referrals_before = Instant{};
  EXPECT_EQ(prune(retention), 1);
  EXPECT_TRUE(has_all(row));
}

TEST_P(StorePrune, GoesOnInSteps) {
  for (int i = 0; i < 1100; ++i) message_alone("visit-" + std::to_string(i));
  const auto row = make("accepted");
  clock().advance(3 * month);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 1100);
  EXPECT_EQ(store().messages_of(row.id)->size(), 1u);
  EXPECT_EQ(store().counts()->messages, 1101);
}

TEST_P(StorePrune, GivesTheRoomOfManySmallBodiesBack) {
  reopen();  // the parts are those of the test's clock
  for (int i = 0; i < 1500; ++i) {
    auto message = a_message("visit-" + std::to_string(i));
    message.received_at = clock().now();
    while (message.body.size() < 1500) message.body += new_ulid();
    ASSERT_TRUE(store().accept(message, {}));
  }
  const auto before = *store().size();
  clock().advance(3 * month);
  EXPECT_EQ(prune(all_before(clock().now() - month)), 1500);
  EXPECT_LT(*store().size(), before - 1'500'000);
}

TEST_P(StorePrune, SaysHowLargeItIs) {
  const auto before = *store().size();
  EXPECT_GT(before, 0);
  auto message = a_message("large");
  message.body = std::string(4'000'000, 'x');
  for (std::size_t i = 0; i < message.body.size(); i += 7)
    message.body[i] = static_cast<char>('a' + i % 23);
  ASSERT_TRUE(store().accept(message, {}));
  EXPECT_GT(*store().size(), before + 3'000'000);
}

}  // namespace
}  // namespace meridian::store
