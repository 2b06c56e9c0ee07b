// SPDX-License-Identifier: Apache-2.0
// Bodies that are kept no longer: when they go, what stays, and what still works without them.
#include "flow/retention.h"

#include <gtest/gtest.h>

#include "flow/explain.h"
#include "flow/shelf.h"
#include "store/sqlite.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Knowledge& content() {
  static const Knowledge loaded = built_in_content();
  return loaded;
}

class Retained : public testing::Test {
 protected:
  Retained() : bench(content()) {
    bench.core->settings.review_every = days(4000);
    bench.leave_replay_out = true;
  }

  void deliver() {
    ASSERT_TRUE(bench.submit("ehr", "order", bundle({patient(), back_pain(), order()})));
    bench.run();
    ASSERT_EQ(bench.state(), "delivered");
  }
  void cancel() {
    ASSERT_TRUE(bench.submit("ehr", "order/2", bundle({patient(), order("revoked", 2)})));
    bench.run();
    ASSERT_TRUE(say("cancelled", 9));
    ASSERT_EQ(bench.state(), "cancelled");
  }
  Result<std::string> say(const std::string& status, int version) {
    auto answer = bench.submit("willow", "task/" + std::to_string(version),
                               bundle({task(bench.only_referral().id.str(), status, version)}));
    bench.run();
    return answer;
  }
  /// All steps of one walk, when one is due.
  void walk() {
    while (true) {
      const auto more = retainer.look(*bench.core);
      ASSERT_TRUE(more) << more.error().what.view();
      if (!*more) return;
    }
  }
  RetentionSettings& settings() { return bench.core->settings.retention; }
  bool has_bodies() {
    const auto id = bench.only_referral().id;
    return !bench.store->messages_of(id)->empty() && bench.store->latest_facts(id)->has_value();
  }

  Bench bench;
  Retainer retainer;
};

TEST_F(Retained, NothingGoesWhereTheSiteSaysNothing) {
  deliver();
  cancel();
  bench.pass(days(4000));
  walk();
  EXPECT_TRUE(has_bodies());
  EXPECT_FALSE(*last_retention(*bench.store));
}

TEST_F(Retained, WhatEndedLongAgoGoesAndItsStoryStays) {
  settings().messages = days(30);
  settings().referrals = days(90);
  deliver();
  cancel();
  bench.pass(days(89));
  walk();
  EXPECT_TRUE(has_bodies());
  bench.pass(days(2));
  walk();
  EXPECT_FALSE(has_bodies());
  const auto story = *explain(*bench.core, bench.only_referral().id, true);
  for (const char* line : {"The order came.", "What is on record was read; it is kept no more.",
                           "No rule found anything", "Decided: it goes to willow.",
                           "(delivery 1) arrived", "willow called it off."}) {
    EXPECT_NE(story.find(line), std::string::npos) << line << " in " << story;
  }
  EXPECT_EQ(bench.state(), "cancelled");
  const auto last = *last_retention(*bench.store);
  ASSERT_TRUE(last);
  EXPECT_GT(last->bodies, 3);
  EXPECT_FALSE(last->over);
  EXPECT_EQ(bench.store->audit(1)->front().event, "Site.retention");
  Caller viewer;
  viewer.name = "ada";
  viewer.role = Role::viewer;
  EXPECT_EQ(bench.desk->site(viewer)->kept.gone, last->bodies);
}

TEST_F(Retained, ALateWordAboutItIsStillTaken) {
  settings().messages = settings().referrals = days(30);
  deliver();
  cancel();
  bench.pass(days(31));
  walk();
  ASSERT_FALSE(has_bodies());
  // The clinic says again what it said, then something new; the order is changed once more.
  EXPECT_TRUE(say("cancelled", 9));
  EXPECT_TRUE(say("cancelled", 10));
  ASSERT_TRUE(bench.submit("ehr", "order/3", bundle({patient(), order("revoked", 3)})));
  bench.run();
  EXPECT_EQ(bench.state(), "cancelled");
  EXPECT_TRUE(bench.store->dead_work(10)->empty());
  EXPECT_EQ(shelf_of(*bench.core, "willow", bench.only_referral().id.str()).error().code,
            ErrorCode::not_found);
}

TEST_F(Retained, WhatIsOpenStaysHoweverOld) {
  settings().messages = settings().referrals = days(30);
  deliver();
  ASSERT_TRUE(say("accepted", 1));
  bench.now += days(400);
  walk();
  EXPECT_TRUE(has_bodies());
}

TEST_F(Retained, WhatIsHeldStays) {
  settings().messages = settings().referrals = days(30);
  deliver();
  cancel();
  settings().held = {bench.only_referral().id};
  bench.pass(days(400));
  walk();
  EXPECT_TRUE(has_bodies());
}

TEST_F(Retained, ATooLargeDatabaseLosesTheOldestFirstAndNeverTheYoungest) {
  settings().most_bytes = 1;
  deliver();
  cancel();
  bench.pass(days(29));
  walk();
  EXPECT_TRUE(has_bodies());
  EXPECT_TRUE((*last_retention(*bench.store))->over);
  settings().most_bytes = 1'000'000'000;
  bench.pass(days(400));
  walk();
  EXPECT_TRUE(has_bodies()) << "there is room";
  EXPECT_FALSE((*last_retention(*bench.store))->over);
  settings().most_bytes = 1;
  bench.pass(hours(7));
  walk();
  EXPECT_FALSE(has_bodies());
  EXPECT_TRUE((*last_retention(*bench.store))->over);
}

TEST_F(Retained, AWalkThatFailsBeginsAnewAMinuteLater) {
  settings().messages = settings().referrals = days(30);
  deliver();
  cancel();
  bench.pass(days(31));
  const auto change = [&](const char* statement) {
    auto opened = store::Connection::open((bench.folder / "meridian.db").string(),
                                          store::OpenMode::write, std::chrono::seconds(5), "");
    ASSERT_TRUE(opened);
    ASSERT_TRUE((*opened)->execute(statement));
  };
  change("ALTER TABLE pruned_messages RENAME TO away");
  auto more = retainer.look(*bench.core);
  while (more && *more) more = retainer.look(*bench.core);
  EXPECT_FALSE(more);
  change("ALTER TABLE away RENAME TO pruned_messages");
  walk();
  EXPECT_TRUE(has_bodies()) << "not at once";
  bench.pass(std::chrono::minutes(2));
  walk();
  EXPECT_FALSE(has_bodies());
}

TEST_F(Retained, OneNodeWalksAFewTimesADay) {
  settings().messages = settings().referrals = days(30);
  deliver();
  walk();
  cancel();
  bench.pass(days(31));
  Retainer other;
  auto theirs = *bench.core;
  theirs.settings.node = "other";
  ASSERT_TRUE(*other.look(theirs)) << "it begins";
  walk();
  EXPECT_TRUE(has_bodies()) << "the other node is at it";
  while (*other.look(theirs)) {
  }
  EXPECT_FALSE(has_bodies());
}

}  // namespace
}  // namespace meridian::flow
