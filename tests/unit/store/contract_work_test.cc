// SPDX-License-Identifier: Apache-2.0
// WORK: leases, ends and returns.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Error trouble{ErrorCode::unavailable, "test", "the hospital does not answer"};

class StoreWork : public Contract {
 protected:
  void add(const NewWork& work) {
    Changes changes;
    changes.works.push_back(work);
    apply(store(), changes);
  }
  std::vector<WorkItem> claim(int limit = 10) {
    return *store().claim_work("worker", limit, minutes(1));
  }

  const ReferralId referral_{new_ulid()};
};
INSTANTIATE_TEST_SUITE_P(All, StoreWork, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreWork, HandsOutWhatIsDueOldestFirst) {
  add(some_work(referral_, clock().now() + seconds(1), "second"));
  add(some_work(referral_, clock().now(), "first"));
  add(some_work(referral_, clock().now() + minutes(5), "later"));
  EXPECT_EQ(*store().next_due(), clock().now());
  clock().advance(seconds(1));
  EXPECT_EQ(store().counts()->work_due, 2);
  const auto items = claim();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_GT(items[0].number, items[1].number);
  EXPECT_EQ(items[0].kind, "assess");
  EXPECT_EQ(items[0].referral, referral_);
  EXPECT_EQ(items[0].detail, R"({"why":"a new order"})");
  EXPECT_EQ(items[0].attempts, 0);
}

TEST_P(StoreWork, GivesNoMoreThanWasAskedFor) {
  for (int i = 0; i < 5; ++i) add(some_work(referral_, clock().now()));
  EXPECT_EQ(claim(3).size(), 3u);
  EXPECT_EQ(claim(3).size(), 2u);
  EXPECT_TRUE(claim(3).empty());
}

TEST_P(StoreWork, GivesAnItemAgainWhenItsLeaseRunsOut) {
  add(some_work(referral_, clock().now()));
  const auto first = claim();
  EXPECT_EQ(*store().next_due(), clock().now() + minutes(1));
  clock().advance(minutes(1));
  const auto second = claim();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].attempts, 1);
  EXPECT_EQ(store().finish_work(first[0], {}).error().code, ErrorCode::stale);
  EXPECT_TRUE(store().finish_work(second[0], {}));
  EXPECT_EQ(store().finish_work(second[0], {}).error().code, ErrorCode::stale);
  EXPECT_FALSE(*store().next_due());
}

TEST_P(StoreWork, EndsAnItemTogetherWithItsChanges) {
  add(some_work(referral_, clock().now(), "assess|1"));
  const auto item = claim().front();
  auto row = a_referral();
  auto changes = new_referral(row);
  changes.works.push_back(some_work(row.id, clock().now(), "assess|1"));
  ASSERT_TRUE(store().finish_work(item, changes));
  EXPECT_TRUE(*store().referral(row.id));
  EXPECT_EQ(claim().size(), 1u);
}

TEST_P(StoreWork, EndsAnItemOnlyWhileWhatItRestsOnStands) {
  auto row = a_referral();
  apply(store(), new_referral(row));
  add(some_work(row.id, clock().now()));
  const auto item = claim().front();
  const auto read = store().referral(row.id)->value();
  Changes letter;
  letter.rests_on.push_back({row.id, read.version});
  letter.deliveries.push_back(a_delivery(row.id, "hospital", clock().now()));
  // Somebody else changes the referral before the letter is kept.
  Changes other;
  other.referrals.push_back({read, read.version});
  apply(store(), other);
  const auto late = store().finish_work(item, letter);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::stale);
  EXPECT_TRUE(store().deliveries(row.id)->empty()) << "nothing of it was written";
  letter.rests_on.front().version = read.version + 1;
  EXPECT_TRUE(store().finish_work(item, letter)) << "the item was not ended";
  EXPECT_EQ(store().deliveries(row.id)->size(), 1u);
  EXPECT_EQ(store().referral(row.id)->value().version, read.version + 1)
      << "reading changes nothing";
  letter.rests_on.front().id = ReferralId(new_ulid());
  EXPECT_EQ(store().apply(letter).error().code, ErrorCode::stale) << "there is no such referral";
}

TEST_P(StoreWork, KeepsAnItemWhoseChangesDoNotFit) {
  auto row = a_referral();
  apply(store(), new_referral(row));
  add(some_work(row.id, clock().now()));
  const auto item = claim().front();
  Changes changes;
  changes.referrals.push_back({row, 9});
  EXPECT_EQ(store().finish_work(item, changes).error().code, ErrorCode::stale);
  EXPECT_TRUE(store().finish_work(item, {}));
}

TEST_P(StoreWork, GivesAReturnedItemWhenItIsDueAgain) {
  add(some_work(referral_, clock().now()));
  ASSERT_TRUE(store().return_work(claim().front(), clock().now() + minutes(3), false, trouble));
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(*store().next_due(), clock().now() + minutes(3));
  clock().advance(minutes(3));
  EXPECT_EQ(claim().front().attempts, 1);
}

TEST_P(StoreWork, TakesDeadWorkOutOfTheLineUntilItIsRevived) {
  add(some_work(referral_, clock().now(), "key"));
  ASSERT_TRUE(store().return_work(claim().front(), clock().now(), true, trouble));
  EXPECT_TRUE(claim().empty());
  EXPECT_FALSE(*store().next_due());
  EXPECT_EQ(store().counts()->work_dead, 1);
  const auto dead = *store().dead_work(10);
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].error, "unavailable");
  EXPECT_EQ(dead[0].attempts, 1);
  ASSERT_TRUE(store().revive_work(dead[0].number));
  EXPECT_EQ(claim().size(), 1u);
  EXPECT_EQ(store().revive_work(dead[0].number).error().code, ErrorCode::not_found);
}

TEST_P(StoreWork, RevivesNothingThatIsInTheLineAlready) {
  add(some_work(referral_, clock().now(), "key"));
  ASSERT_TRUE(store().return_work(claim().front(), clock().now(), true, trouble));
  add(some_work(referral_, clock().now(), "key"));
  const auto dead = store().dead_work(10)->front().number;
  EXPECT_EQ(store().revive_work(dead).error().code, ErrorCode::not_found);
  EXPECT_EQ(claim().size(), 1u);
}

TEST_P(StoreWork, ReplacesOpenWorkOfTheSameKey) {
  add(some_work(referral_, clock().now(), "assess|1"));
  const auto under_way = claim().front();
  auto newer = some_work(referral_, clock().now(), "assess|1");
  newer.detail = "newer";
  add(newer);
  EXPECT_EQ(store().finish_work(under_way, {}).error().code, ErrorCode::stale);
  const auto items = claim();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].detail, "newer");
}

TEST_P(StoreWork, CancelsATimerByItsKey) {
  add(some_work(referral_, clock().now(), "alert|1"));
  add(some_work(referral_, clock().now(), "alert|2"));
  Changes changes;
  changes.cancel_works = {"alert|1", "unknown"};
  apply(store(), changes);
  EXPECT_EQ(claim().size(), 1u);
}

TEST_P(StoreWork, KeepsFactsAndGivesTheNewest) {
  const NewFacts older{referral_, "application/fhir+json", "older", "{\"q\":1}", clock().now()};
  auto newer = older;
  newer.body = std::string(100'000, 'n');
  const auto first = *store().keep_facts(older);
  const auto second = *store().keep_facts(newer);
  EXPECT_EQ((*store().facts(first))->body, "older");
  EXPECT_EQ((*store().facts(first))->history, "{\"q\":1}");
  const auto latest = *store().latest_facts(referral_);
  EXPECT_EQ(latest->id, second);
  EXPECT_EQ(latest->body, newer.body);
  EXPECT_FALSE(*store().facts("nothing"));
  EXPECT_FALSE(*store().latest_facts(ReferralId("nobody")));
}

}  // namespace
}  // namespace meridian::store
