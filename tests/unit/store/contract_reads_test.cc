// SPDX-License-Identifier: Apache-2.0
// Reads, alerts and cursors.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

class StoreReads : public Contract {};
INSTANTIATE_TEST_SUITE_P(All, StoreReads, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreReads, ListsTheNewestReferralsFirst) {
  std::vector<ReferralId> made;
  for (int i = 0; i < 4; ++i) {
    const auto row = a_referral();
    made.push_back(row.id);
    apply(store(), new_referral(row));
  }
  const auto rows = *store().referrals(3);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].id, made[3]);
  EXPECT_EQ(rows[2].id, made[1]);
}

TEST_P(StoreReads, SaysNothingAboutWhatIsNotThere) {
  EXPECT_FALSE(*store().referral(ReferralId("none")));
  EXPECT_FALSE(*store().find_alias("order", "none"));
  EXPECT_FALSE(*store().message(MessageId("none")));
  EXPECT_FALSE(*store().alert("none"));
  EXPECT_FALSE(*store().next_due());
  EXPECT_TRUE(store().find_shared("patient", "none")->empty());
  EXPECT_TRUE(store().events(ReferralId("none"))->empty());
  EXPECT_TRUE(store().deliveries(ReferralId("none"))->empty());
  EXPECT_EQ(*store().cursor(SourceId("hospital"), "none"), "");
}

TEST_P(StoreReads, FindsReferralsWithoutOwnerWorklistOrClock) {
  std::vector<ReferralId> made;
  for (int i = 0; i < 4; ++i) {
    auto row = a_referral();
    row.state = "delivered";
    row.owner = i == 1 ? "" : "clinic";
    row.worklist = i == 2 ? "" : "awaiting-clinic";
    made.push_back(row.id);
    auto changes = new_referral(row);
    if (i > 0) {
      changes.works.push_back(
          {"timer.clock", row.id, clock().now(), "{}", "clock|" + row.id.str()});
    }
    apply(store(), changes);
  }
  EXPECT_EQ(*store().unguarded("delivered", 10),
            (std::vector<ReferralId>{made[0], made[1], made[2]}));
  EXPECT_EQ(store().unguarded("delivered", 2)->size(), 2u);
  EXPECT_TRUE(store().unguarded("accepted", 10)->empty());
  // A clock that is being rung is one.
  const auto claimed = *store().claim_work("node", 1, std::chrono::minutes(1));
  ASSERT_EQ(claimed.size(), 1u);
  EXPECT_EQ(store().unguarded("delivered", 10)->size(), 3u);
}

TEST_P(StoreReads, WalksTheEventsOfReferralsThatCameSinceAnInstant) {
  std::vector<store::ReferralRow> made;
  for (int i = 0; i < 3; ++i) {
    auto row = a_referral();
    row.created_at = clock().now() + std::chrono::hours(i);
    row.state = i == 1 ? "accepted" : "held";
    row.destination = DestinationId(i == 1 ? "" : "clinic");
    row.requester = i == 1 ? "" : "Practitioner/3";
    auto changes = new_referral(row);
    changes.events.push_back({row.id, "engine", "1", "ordered", row.created_at, {}, "hidden"});
    changes.events.push_back(
        {row.id, "clinic", "1", "clinic_accepted", row.created_at + std::chrono::hours(9), {}, ""});
    changes.events.push_back({row.id, "engine", "2", "held", row.created_at, {}, "why"});
    changes.events.push_back({row.id, "engine", "3", "reminded", row.created_at, {}, "whose"});
    apply(store(), changes);
    made.push_back(row);
  }
  const auto since = clock().now() + std::chrono::hours(1);
  const auto walks = *store().walks(since, Orderers::named);
  ASSERT_EQ(walks.size(), 2u);
  EXPECT_EQ(walks[0].referral, made[1].id);
  EXPECT_EQ(walks[0].source, made[1].source);
  EXPECT_EQ(walks[0].destination.str(), "");
  EXPECT_EQ(walks[1].destination.str(), "clinic");
  EXPECT_EQ(walks[1].state, "held");
  EXPECT_EQ(walks[0].requester, "");
  EXPECT_EQ(walks[1].requester, "Practitioner/3");
  ASSERT_EQ(walks[1].steps.size(), 4u);
  EXPECT_EQ(walks[1].steps[0].kind, "ordered");
  EXPECT_EQ(walks[1].steps[0].detail, "") << "of what neither holds nor ends it nobody asks";
  EXPECT_EQ(walks[1].steps[2].detail, "why");
  EXPECT_EQ(walks[0].steps[2].detail, "") << "nobody asks why it was held when it is not any more";
  EXPECT_EQ(walks[0].steps[3].detail, "whose") << "whose deadline passed is asked of all";
  EXPECT_EQ(walks[1].steps[1].kind, "clinic_accepted");
  EXPECT_EQ(walks[1].steps[1].at, made[2].created_at + std::chrono::hours(9));
  const auto unnamed = *store().walks(since, Orderers::left_out);
  ASSERT_EQ(unnamed.size(), 2u);
  EXPECT_EQ(unnamed[1].requester, "");
  EXPECT_EQ(unnamed[1].destination, walks[1].destination);
  EXPECT_EQ(unnamed[1].steps.size(), 4u);
  EXPECT_EQ(store().walks(Instant{}, Orderers::named)->size(), 3u);
  EXPECT_TRUE(store().walks(clock().now() + std::chrono::hours(3), Orderers::named)->empty());
}

TEST_P(StoreReads, KeepsACursorPerSourceAndName) {
  const SourceId hospital("hospital");
  ASSERT_TRUE(store().set_cursor(hospital, "orders", "2026-01-01"));
  ASSERT_TRUE(store().set_cursor(hospital, "tasks", "page 3"));
  ASSERT_TRUE(store().set_cursor(hospital, "orders", "2026-01-02"));
  reopen();
  EXPECT_EQ(*store().cursor(hospital, "orders"), "2026-01-02");
  EXPECT_EQ(*store().cursor(hospital, "tasks"), "page 3");
  EXPECT_EQ(*store().cursor(SourceId("clinic"), "orders"), "");
}

TEST_P(StoreReads, GivesALeaseToOneOwnerUntilItRunsOut) {
  using std::chrono::minutes;
  EXPECT_TRUE(*store().hold_lease("poll.hospital", "one", minutes(1)));
  EXPECT_FALSE(*store().hold_lease("poll.hospital", "two", minutes(1)));
  EXPECT_TRUE(*store().hold_lease("poll.clinic", "two", minutes(1)));
  clock().advance(minutes(1) - std::chrono::milliseconds(1));
  EXPECT_TRUE(*store().hold_lease("poll.hospital", "one", minutes(1)));
  clock().advance(minutes(1) - std::chrono::milliseconds(1));
  EXPECT_FALSE(*store().hold_lease("poll.hospital", "two", minutes(1)));
  clock().advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(*store().hold_lease("poll.hospital", "two", minutes(1)));
  EXPECT_FALSE(*store().hold_lease("poll.hospital", "one", minutes(1)));
}

TEST_P(StoreReads, KeepsAnAlertOpenUntilANamedPersonAcknowledgesIt) {
  const auto row = a_referral();
  auto changes = new_referral(row);
  changes.alerts.push_back({"A1", row.id, "on call", "RF01", clock().now()});
  apply(store(), changes);
  EXPECT_EQ(store().counts()->open_alerts, 1);
  clock().advance(std::chrono::minutes(3));
  Changes noted;
  noted.events.push_back({row.id, "contact", "1", "acknowledged", clock().now(), {}, ""});
  ASSERT_TRUE(store().acknowledge_alert("A1", "Dr Marlene Okafor", noted));
  EXPECT_TRUE(store().open_alerts()->empty());
  const auto alert = *store().alert("A1");
  EXPECT_EQ(alert->acknowledged_by, "Dr Marlene Okafor");
  EXPECT_EQ(alert->acknowledged_at, clock().now());
  EXPECT_EQ(store().events(row.id)->size(), 1u);
  EXPECT_EQ(store().acknowledge_alert("A1", "again", noted).error().code, ErrorCode::not_found);
  EXPECT_EQ(store().acknowledge_alert("A2", "nobody", {}).error().code, ErrorCode::not_found);
}

TEST_P(StoreReads, LetsAnOpenAlertClimbAndNotAnAcknowledgedOne) {
  Changes changes;
  changes.alerts.push_back({"A1", ReferralId("R"), "on call", "RF01", clock().now()});
  apply(store(), changes);
  changes.alerts[0].contact = "head of department";
  apply(store(), changes);
  const auto climbed = store().open_alerts()->at(0);
  EXPECT_EQ(climbed.level, 1);
  EXPECT_EQ(climbed.contact, "head of department");
  ASSERT_TRUE(store().acknowledge_alert("A1", "she", {}));
  apply(store(), changes);
  EXPECT_EQ((*store().alert("A1"))->level, 1);
}

TEST_P(StoreReads, KeepsEveryByte) {
  auto message = a_message("bytes");
  message.body.assign("\0\xff\r\n\x1c", 5);
  message.body += std::string(300'000, '\x80');
  const auto row = a_referral();
  auto changes = new_referral(row);
  changes.events.push_back({row.id, "engine", "1", "received", clock().now(), message.id, ""});
  ASSERT_TRUE(store().accept(message, changes));
  EXPECT_EQ(store().messages_of(row.id)->at(0).body, message.body);
}

}  // namespace
}  // namespace meridian::store
