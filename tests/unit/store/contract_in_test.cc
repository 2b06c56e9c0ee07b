// SPDX-License-Identifier: Apache-2.0
// IN: what accept promises.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

class StoreIn : public Contract {};
INSTANTIATE_TEST_SUITE_P(All, StoreIn, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreIn, KeepsAMessageWithAllThatFollowsFromIt) {
  const auto row = a_referral();
  const auto message = a_message("1", "the order itself");
  auto changes = new_referral(row);
  changes.events.push_back(
      {row.id, "engine", "1", "received", clock().now(), message.id, "{\"a\":1}"});
  changes.aliases.push_back({"order", "hospital|ServiceRequest/5", row.id, false});
  changes.works.push_back(some_work(row.id, clock().now()));
  changes.deliveries.push_back(a_delivery(row.id, "clinic", clock().now()));
  const auto accepted = store().accept(message, changes);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->id, message.id);
  EXPECT_EQ(accepted->answer, "taken");
  EXPECT_FALSE(accepted->repeat);

  reopen();
  const auto stored = *store().referral(row.id);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->order_ref, row.order_ref);
  EXPECT_EQ(stored->patient_ref, row.patient_ref);
  EXPECT_EQ(stored->assessment, row.assessment);
  EXPECT_EQ(stored->decision, row.decision);
  EXPECT_EQ(stored->version, 1);
  const auto events = *store().events(row.id);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].detail, "{\"a\":1}");
  EXPECT_EQ(events[0].message, message.id);
  EXPECT_EQ(*store().find_alias("order", "hospital|ServiceRequest/5"), row.id);
  EXPECT_EQ(store().deliveries(row.id)->size(), 1u);
  const auto messages = *store().messages_of(row.id);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].body, "the order itself");
  EXPECT_EQ((*store().message(message.id))->body, "the order itself");
  EXPECT_TRUE(*store().has_message(message.source, message.sender_id));
  EXPECT_FALSE(*store().has_message(message.source, "another id"));
  EXPECT_FALSE(*store().has_message(SourceId("another source"), message.sender_id));
}

TEST_P(StoreIn, AnswersARepeatWithTheStoredAnswerAndChangesNothing) {
  auto first = a_message("7", "same body");
  first.answer = "the first answer";
  ASSERT_TRUE(store().accept(first, new_referral(a_referral())));
  auto second = a_message("7", "same body");
  second.answer = "another answer";
  const auto repeat = store().accept(second, new_referral(a_referral()));
  ASSERT_TRUE(repeat);
  EXPECT_TRUE(repeat->repeat);
  EXPECT_EQ(repeat->id, first.id);
  EXPECT_EQ(repeat->answer, "the first answer");
  EXPECT_EQ(store().referrals(10)->size(), 1u);
  EXPECT_EQ(store().counts()->messages, 1);
}

TEST_P(StoreIn, RefusesTheSameKeyWithAnotherBody) {
  ASSERT_TRUE(store().accept(a_message("7", "one body"), {}));
  const auto other = store().accept(a_message("7", "another body"), new_referral(a_referral()));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
  EXPECT_TRUE(store().referrals(10)->empty());
}

TEST_P(StoreIn, TakesTheSameIdFromAnotherSource) {
  ASSERT_TRUE(store().accept(a_message("7", "one body"), {}));
  auto other = a_message("7", "another body");
  other.source = SourceId("clinic");
  ASSERT_TRUE(store().accept(other, {}));
}

TEST_P(StoreIn, RecognisesARepeatByWhatCountsWhenTheBytesDiffer) {
  auto first = a_message("MSG1", "MSH|...|20260101|...|PID|1");
  first.repeat_of = "MSH|PID|1";
  auto second = a_message("MSG1", "MSH|...|20260102|...|PID|1");
  second.repeat_of = "MSH|PID|1";
  ASSERT_TRUE(store().accept(first, {}));
  const auto repeat = store().accept(second, {});
  ASSERT_TRUE(repeat);
  EXPECT_TRUE(repeat->repeat);
}

TEST_P(StoreIn, NeverTakesAMessageWithoutIdForARepeat) {
  ASSERT_FALSE(store().accept(a_message("", "same"), {})->repeat);
  ASSERT_FALSE(store().accept(a_message("", "same"), {})->repeat);
  EXPECT_EQ(store().counts()->messages, 2);
}

TEST_P(StoreIn, KeepsAMessageThatCouldNotBeParsedWithItsIssues) {
  auto message = a_message("9", "{ not json");
  message.quarantined = true;
  message.issues.push_back({Severity::fatal, "structure", "Bundle.entry[2]", "said \"no\""});
  ASSERT_TRUE(store().accept(message, {}));
  const auto rows = *store().quarantine(10);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].id, message.id);
  EXPECT_NE(rows[0].issues.find("Bundle.entry[2]"), std::string::npos);
  EXPECT_NE(rows[0].issues.find("said \\\"no\\\""), std::string::npos);
  EXPECT_EQ(store().counts()->quarantined, 1);
}

TEST_P(StoreIn, UndoesEverythingWhenOneChangeDoesNotFit) {
  const auto row = a_referral();
  apply(store(), new_referral(row));
  Changes changes = new_referral(a_referral());
  changes.works.push_back(some_work(row.id, clock().now()));
  changes.audits.push_back({"PatientRead", "engine", row.id.str(), "success"});
  changes.referrals.push_back({row, 5});
  const auto message = a_message("late", "body");
  const auto refused = store().accept(message, changes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::stale);
  EXPECT_EQ(store().referrals(10)->size(), 1u);
  EXPECT_EQ(store().counts()->work_due, 0);
  EXPECT_FALSE(*store().message(message.id));
  EXPECT_EQ(*store().verify_audit(), 0);
}

TEST_P(StoreIn, CountsTheVersionsOfAReferral) {
  auto row = a_referral();
  apply(store(), new_referral(row));
  row.state = "held";
  row.assessment = "{}";
  Changes changes;
  changes.referrals.push_back({row, 1});
  apply(store(), changes);
  const auto stored = *store().referral(row.id);
  EXPECT_EQ(stored->version, 2);
  EXPECT_EQ(stored->state, "held");
  EXPECT_EQ(stored->assessment, "{}");
  EXPECT_EQ(store().accept(a_message("again"), changes).error().code, ErrorCode::stale);
}

TEST_P(StoreIn, RefusesANewReferralWhoseIdExists) {
  const auto row = a_referral();
  apply(store(), new_referral(row));
  EXPECT_EQ(store().accept(a_message("twice"), new_referral(row)).error().code, ErrorCode::stale);
}

TEST_P(StoreIn, RefusesAnAliasThatNamesAnotherReferral) {
  const auto one = a_referral();
  const auto two = a_referral();
  auto changes = new_referral(one);
  changes.aliases.push_back({"order", "hospital|ServiceRequest/5", one.id, false});
  apply(store(), changes);
  apply(store(), [&] {
    Changes same;
    same.aliases.push_back({"order", "hospital|ServiceRequest/5", one.id, false});
    return same;
  }());
  auto taken = new_referral(two);
  taken.aliases.push_back({"order", "hospital|ServiceRequest/5", two.id, false});
  EXPECT_EQ(store().accept(a_message("x"), taken).error().code, ErrorCode::conflict);
  EXPECT_FALSE(*store().referral(two.id));
  EXPECT_FALSE(*store().find_alias("task", "hospital|ServiceRequest/5"));
}

TEST_P(StoreIn, LetsReferralsOfOnePatientShareAnAlias) {
  const auto one = a_referral();
  const auto two = a_referral();
  for (const auto& row : {one, two}) {
    auto changes = new_referral(row);
    changes.aliases.push_back({"patient", "hospital|Patient/1", row.id, true});
    apply(store(), changes);
  }
  const auto found = *store().find_shared("patient", "hospital|Patient/1");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_LT(found[0], found[1]);
}

TEST_P(StoreIn, IgnoresAnEventThatItsActorRepeats) {
  const auto row = a_referral();
  auto changes = new_referral(row);
  const NewEvent event{row.id, "clinic", "17", "accepted", clock().now(), {}, "first"};
  changes.events.push_back(event);
  apply(store(), changes);
  Changes again;
  again.events.push_back(event);
  again.events.back().detail = "second";
  again.events.push_back({row.id, "surgeon", "17", "cancelled", clock().now(), {}, ""});
  again.events.push_back({row.id, "engine", "", "noted", clock().now(), {}, ""});
  again.events.push_back({row.id, "engine", "", "noted", clock().now(), {}, ""});
  apply(store(), again);
  const auto events = *store().events(row.id);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].detail, "first");
  for (std::size_t i = 1; i < events.size(); ++i) {
    EXPECT_GT(events[i].number, events[i - 1].number);
  }
}

TEST_P(StoreIn, AnswersWithoutBlockingFromItsOwnThread) {
  std::promise<Result<Accepted>> promise;
  store().accept_async(a_message("1"), {},
                       [&](Result<Accepted> accepted) { promise.set_value(std::move(accepted)); });
  const auto accepted = promise.get_future().get();
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->answer, "taken");
}

TEST_P(StoreIn, RefusesToWaitForItselfInACallback) {
  std::promise<ErrorCode> promise;
  store().accept_async(a_message("1"), {}, [&](const Result<Accepted>&) {
    promise.set_value(store().accept(a_message("2"), {}).error().code);
  });
  EXPECT_EQ(promise.get_future().get(), ErrorCode::internal);
}

TEST_P(StoreIn, RefusesEverythingOnceClosed) {
  store().close();
  EXPECT_EQ(store().accept(a_message("1"), {}).error().code, ErrorCode::stopping);
  EXPECT_EQ(store().referrals(1).error().code, ErrorCode::stopping);
  std::promise<ErrorCode> promise;
  store().accept_async(a_message("1"), {}, [&](const Result<Accepted>& accepted) {
    promise.set_value(accepted.error().code);
  });
  EXPECT_EQ(promise.get_future().get(), ErrorCode::stopping);
}

}  // namespace
}  // namespace meridian::store
