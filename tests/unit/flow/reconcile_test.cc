// SPDX-License-Identifier: Apache-2.0
// What was lost on its way is found by asking, and only what costs nobody's word is repaired.
#include "flow/reconcile.h"

#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

/// A peer that had said something which never came.
class Forgetful : public Source {
 public:
  Forgetful(std::string source, std::string id, std::string bytes)
      : source_(std::move(source)), id_(std::move(id)), bytes_(std::move(bytes)) {}
  Result<void> start(Inlet&) override { return {}; }
  Result<int> read_back(Inlet& inlet, Instant since) override {
    asked_since = since;
    const auto known = inlet.knows(SourceId(source_), id_);
    if (!known) return known.error();
    if (*known) return 0;
    const auto taken =
        inlet.submit({SourceId(source_), id_, "application/fhir+json", bytes_, since, {}});
    if (!taken) return taken.error();
    return 1;
  }
  void stop() override {}
  static inline Instant asked_since;

 private:
  std::string source_;
  std::string id_;
  std::string bytes_;
};

class Reconcile : public testing::Test {
 protected:
  Reconcile() {
    say("ehr", "1", bundle({patient(), back_pain(), order(), answers(bench.now)}));
    bench.history->facts = bundle({patient(), back_pain(), order(), answers(bench.now)});
    bench.run();
    begun = bench.now;
    bench.pass(std::chrono::minutes(10));
  }
  void say(const std::string& source, const std::string& id, const std::string& bytes) {
    const auto said = bench.submit(source, id, bytes);
    ASSERT_TRUE(said) << said.error().what.view();
  }
  Peer& peer(const std::string& id) {
    for (auto& each : bench.peers.list) {
      if (each->id == id) return *each;
    }
    throw std::runtime_error("no such peer");
  }
  Reconciliation reconcile(bool repair) {
    auto found = flow::reconcile(*bench.core, *bench.in, repair);
    EXPECT_TRUE(found);
    return *found;
  }
  const PeerCompared& compared(const Reconciliation& found, const std::string& id) {
    for (const auto& each : found.peers) {
      if (each.peer.str() == id) return each;
    }
    throw std::runtime_error("not compared");
  }

  Bench bench;
  Instant begun;
};

TEST_F(Reconcile, WhatIsAsItShouldBeIsLeftAlone) {
  ASSERT_EQ(bench.state(), "delivered");
  bench.hospital->standing = bench.clinic->standing = Standing::there;
  const auto sent = bench.hospital->sent.size() + bench.clinic->sent.size();
  const auto found = reconcile(true);
  EXPECT_TRUE(found.differences.empty());
  EXPECT_EQ(compared(found, "ehr").compared, 1);
  EXPECT_EQ(compared(found, "willow").compared, 1);
  EXPECT_EQ(compared(found, "birch").compared, 0);
  bench.run();
  EXPECT_EQ(bench.hospital->sent.size() + bench.clinic->sent.size(), sent);
}

TEST_F(Reconcile, APacketThatTheClinicLostBeforeItAnsweredIsSentAgainAfterLooking) {
  bench.clinic->standing = Standing::missing;
  const auto seen = reconcile(false);
  ASSERT_EQ(seen.differences.size(), 1u);
  EXPECT_TRUE(seen.differences[0].safe);
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 1u) << "it was only looked";
  reconcile(true);
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 2u);
  EXPECT_EQ(bench.clinic->sent[1].bytes, bench.clinic->sent[0].bytes);
  EXPECT_TRUE(bench.clinic->sent[1].repeat);
  EXPECT_EQ(bench.state(), "delivered");
  reconcile(true);
  bench.run();
  EXPECT_EQ(bench.clinic->sent.size(), 2u) << "a search may be behind what was just written";
}

TEST_F(Reconcile, APacketThatWasAnsweredIsLeftToAPerson) {
  const auto id = bench.only_referral().id.str();
  say("willow", "2", bundle({task(id, "accepted", 2)}));
  bench.run();
  ASSERT_EQ(bench.state(), "accepted");
  bench.pass(std::chrono::minutes(10));
  bench.clinic->standing = Standing::missing;
  const auto found = reconcile(true);
  ASSERT_EQ(found.differences.size(), 1u);
  EXPECT_FALSE(found.differences[0].safe);
  bench.run();
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
}

TEST_F(Reconcile, WhoTakesASecondOneIsNotSentToAgain) {
  bench.clinic->standing = Standing::missing;
  bench.clinic->recognises = false;
  EXPECT_FALSE(reconcile(true).differences.at(0).safe);
  bench.run();
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
}

TEST_F(Reconcile, TheHospitalsRecordShowsAgainWhatItWasTold) {
  for (const auto standing : {Standing::missing, Standing::other}) {
    bench.hospital->standing = standing;
    const auto sent = bench.hospital->sent.size();
    reconcile(true);
    bench.run();
    ASSERT_EQ(bench.hospital->sent.size(), sent + 1);
    EXPECT_EQ(bench.hospital->sent.back().bytes, bench.hospital->sent[sent - 1].bytes);
    EXPECT_FALSE(bench.hospital->sent.back().repeat) << "it takes the place of what is there";
    bench.pass(std::chrono::minutes(10));
  }
  bench.hospital->standing = Standing::doubled;
  EXPECT_FALSE(reconcile(true).differences.at(0).safe);
}

TEST_F(Reconcile, TheReportOfAReferralThatIsOverIsSentAgainForAWeek) {
  const auto id = bench.only_referral().id.str();
  say("willow", "2", bundle({task(id, "accepted", 2)}));
  say("willow", "3", bundle({task(id, "completed", 3)}));
  bench.run();
  const auto state = bench.state();
  bench.pass(std::chrono::minutes(10));
  bench.hospital->standing = Standing::missing;
  const auto sent = bench.hospital->sent.size();
  reconcile(true);
  bench.run();
  EXPECT_EQ(bench.hospital->sent.size(), sent + 1);
  EXPECT_EQ(bench.state(), state);
}

TEST_F(Reconcile, NewsThatHadNotComeIsTaken) {
  const auto id = bench.only_referral().id.str();
  peer("willow").sources.push_back(std::make_unique<Forgetful>("willow", "Task/t/_history/2",
                                                               bundle({task(id, "accepted", 2)})));
  EXPECT_EQ(compared(reconcile(false), "willow").news, 1);
  EXPECT_EQ(bench.state(), "delivered") << "it was only looked";
  const auto created = bench.only_referral().created_at;
  EXPECT_EQ(compared(reconcile(true), "willow").news, 1);
  EXPECT_EQ(bench.state(), "accepted");
  EXPECT_LE(Forgetful::asked_since, created);
  EXPECT_EQ(compared(reconcile(true), "willow").news, 0);
}

TEST_F(Reconcile, AnOrderThatNeverCameIsTaken) {
  peer("ehr").sources.push_back(std::make_unique<Forgetful>(
      "ehr", "ServiceRequest/second/_history/1", bundle({patient(), back_pain(), second_order()})));
  EXPECT_EQ(compared(reconcile(true), "ehr").news, 1);
  EXPECT_EQ(bench.store->referrals(10)->size(), 2u);
}

TEST_F(Reconcile, WhoCannotBeAskedIsCountedAndWhoFailsIsNamed) {
  const auto silent = reconcile(true);
  EXPECT_EQ(compared(silent, "willow").cannot_ask, 1);
  EXPECT_EQ(compared(silent, "willow").compared, 0);
  bench.clinic->look_failure = Error{ErrorCode::unavailable, "test", "down"};
  const auto down = reconcile(true);
  ASSERT_TRUE(compared(down, "willow").failure);
  EXPECT_TRUE(down.differences.empty());
  const auto json = reconciliation_json(down);
  EXPECT_NE(
      json.find(R"("peer":"willow","news":0,"compared":0,"cannotAsk":0,"failed":"unavailable")"),
      std::string::npos)
      << json;
  const auto last = *last_reconciliation(*bench.store);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->at, down.at);
  EXPECT_EQ(last->differing, 0);
  for (const auto& each : last->peers) EXPECT_EQ(each.failed, each.peer == "willow") << each.peer;
}

TEST_F(Reconcile, WhatIsUnderWayIsNotCompared) {
  bench.hospital->standing = Standing::missing;
  bench.pass(std::chrono::minutes(-8));
  EXPECT_TRUE(reconcile(true).differences.empty());
}

TEST_F(Reconcile, TheSiteSaysHowLongAgoSomethingMustHaveBeenSent) {
  bench.pass(std::chrono::minutes(-8));
  bench.clinic->standing = Standing::missing;
  bench.core->settings.reconcile_settle = std::chrono::minutes(1);
  EXPECT_EQ(reconcile(false).differences.size(), 1U);
  bench.core->settings.reconcile_settle = std::chrono::minutes(3);
  EXPECT_EQ(reconcile(false).differences.size(), 0U);
}

TEST_F(Reconcile, EndsWhenTheRuntimeStops) {
  const auto found = flow::reconcile(*bench.core, *bench.in, true, [] { return false; });
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::stopping);
}

TEST_F(Reconcile, ComesOnceANightAtTheSitesTime) {
  bench.core->settings.reconcile_at = std::chrono::hours(3);
  bench.clinic->standing = Standing::missing;
  Nightly nightly(*bench.in, [] { return true; });
  const auto ran = [&] {
    EXPECT_TRUE(nightly.look(*bench.core));
    return last_reconciliation(*bench.store)->has_value();
  };
  EXPECT_FALSE(ran()) << "the first night is still to come";
  bench.pass(std::chrono::hours(10));  // 20:10
  EXPECT_FALSE(ran());
  bench.pass(std::chrono::hours(7));  // 03:10
  EXPECT_TRUE(ran());
  const auto last = [&] { return (*last_reconciliation(*bench.store))->at; };
  const auto first = last();
  bench.pass(std::chrono::hours(5));
  ran();
  EXPECT_EQ(last(), first);
  bench.pass(std::chrono::hours(40));  // a node that was down for a night does it at once
  ran();
  EXPECT_GT(last(), first);
}

TEST_F(Reconcile, TheDeskDoesItForOperatorsAndKeepsWhoAsked) {
  bench.clinic->standing = Standing::missing;
  const auto seen =
      bench.desk->intervene(Caller{"Ada", Role::operations}, {"reconcile", "all", "", "", false});
  ASSERT_TRUE(seen);
  EXPECT_NE(seen->find(R"("standing":"missing","done":"can be sent again")"), std::string::npos);
  EXPECT_FALSE(
      bench.desk->intervene(Caller{"Ada", Role::viewer}, {"reconcile", "all", "", "", false}));
  const auto audit = *bench.store->audit(10);
  EXPECT_TRUE(std::any_of(audit.begin(), audit.end(), [](const auto& row) {
    return row.event == "Peers.reconcile" && row.actor.find("Ada") != std::string::npos;
  }));
}

}  // namespace
}  // namespace meridian::flow
