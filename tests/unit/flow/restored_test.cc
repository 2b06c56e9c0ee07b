// SPDX-License-Identifier: Apache-2.0
// A database that was put back: what the life before it did after the backup is found again.
#include "flow/restored.h"

#include <gtest/gtest.h>

#include "flow/aliases.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

/// The clinic's Task for a referral, written by us at this instant.
std::string task_of(const std::string& referral, const std::string& status, Instant authored) {
  auto json = task(referral, status, 1);
  json.insert(1, R"("authoredOn":")" + to_string(authored) + R"(",)");
  return json;
}

/// The order as the source has changed it at this instant.
std::string order_at(Instant updated, const std::string& status = "active") {
  auto json = order(status);
  const std::string meta = R"("versionId":"1")";
  json.insert(json.find(meta), R"("lastUpdated":")" + to_string(updated) + R"(",)");
  return json;
}

class Restored : public testing::Test {
 protected:
  /// The backup was made an hour ago; what is in the database now is in it.
  void restore() {
    taken_at = bench.now;
    bench.pass(std::chrono::hours(1));
    ASSERT_TRUE(bench.store->mark_restored(taken_at, "Ada"));
    in_gap = taken_at + std::chrono::minutes(30);
    bench.pass(std::chrono::minutes(1));
    bench.history->facts = bundle({patient(), back_pain(), order_at(in_gap), answers(bench.now)});
  }
  Result<std::string> order_comes(const std::string& id = "1",
                                  const std::string& status = "active") {
    return bench.submit("ehr", id, bundle({patient(), back_pain(), order_at(in_gap, status)}));
  }
  std::string id() {
    return referral_id(*bench.core, SourceId("ehr"), "ServiceRequest/order").str();
  }

  Bench bench;
  Instant taken_at;
  Instant in_gap;
};

TEST_F(Restored, AnOrderHasTheSameReferralIdInEveryLife) {
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  EXPECT_EQ(bench.only_referral().id.str(), id());
  EXPECT_EQ(id().size(), 26u);
  EXPECT_EQ(id().find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
  const auto other_order = referral_id(*bench.core, SourceId("ehr"), "ServiceRequest/other");
  const auto other_source = referral_id(*bench.core, SourceId("ehr2"), "ServiceRequest/order");
  EXPECT_NE(other_order.str(), id());
  EXPECT_NE(other_source.str(), id());
  bench.core->settings.id_key = "another site";
  EXPECT_NE(id(), bench.only_referral().id.str());
}

TEST_F(Restored, WhatWaitedIsLookedForBeforeItIsSent) {
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.work();
  restore();
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_TRUE(bench.clinic->sent[0].repeat);
}

TEST_F(Restored, AnOrderOfTheGapIsLookedForBeforeItIsSent) {
  restore();
  ASSERT_TRUE(order_comes());
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_TRUE(bench.clinic->sent[0].repeat);
}

TEST_F(Restored, AnOrderThatCameAfterItIsSentLikeAnyOther) {
  restore();
  in_gap = bench.now;  // no gap any more
  bench.history->facts = bundle({patient(), back_pain(), order_at(bench.now), answers(bench.now)});
  ASSERT_TRUE(order_comes());
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_FALSE(bench.clinic->sent[0].repeat);
}

TEST_F(Restored, AReceiverThatRecognisesNoRepeatsGetsNothingUntilAPersonLooked) {
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.work();
  restore();
  bench.clinic->recognises = false;
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_EQ(bench.store->counts()->ambiguous, 1);
}

TEST_F(Restored, AnOrderOfTheGapIsAmbiguousWhereRepeatsAreNotRecognised) {
  restore();
  bench.clinic->recognises = false;
  ASSERT_TRUE(order_comes());
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_EQ(bench.store->counts()->ambiguous, 1);
}

TEST_F(Restored, WhatAClinicHasFromTheGapIsNotSentAgainToAnybody) {
  bench.add_second_choice();
  restore();
  ASSERT_TRUE(order_comes());
  ASSERT_TRUE(bench.submit("birch", "1", bundle({task_of(id(), "accepted", in_gap)})));
  EXPECT_EQ(bench.state(), "accepted");
  EXPECT_EQ(bench.only_referral().destination.str(), "birch");
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_TRUE(bench.second_clinic->sent.empty());
  EXPECT_NE(bench.hospital->sent.back().bytes.find("accepted"), std::string::npos);
}

TEST_F(Restored, ATaskWhoseOrderIsStillToComeIsAskedForAgain) {
  restore();
  const auto early = bench.submit("willow", "1", bundle({task_of(id(), "completed", in_gap)}));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::not_found);
  ASSERT_TRUE(order_comes());
  ASSERT_TRUE(bench.submit("willow", "1", bundle({task_of(id(), "completed", in_gap)})));
  bench.run();
  EXPECT_EQ(bench.state(), "closed");
  EXPECT_TRUE(bench.clinic->sent.empty());
  bench.pass(std::chrono::hours(25));
  EXPECT_TRUE(bench.submit("willow", "2", bundle({task_of("01UNKNOWN", "requested", in_gap)})));
}

TEST_F(Restored, AnOrderThatEndedInTheGapEndsAtTheClinicThatHasIt) {
  restore();
  ASSERT_TRUE(order_comes("1", "revoked"));
  ASSERT_TRUE(bench.submit("willow", "1", bundle({task_of(id(), "accepted", in_gap)})));
  EXPECT_EQ(bench.state(), "cancel_asked");
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_NE(bench.clinic->sent[0].bytes.find("the order was revoked"), std::string::npos);
}

TEST_F(Restored, AnOrderRevokedBeforeWhatWaitedIsKnownToHaveArrivedEndsThereToo) {
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.work();
  restore();
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), order("revoked", 2)})));
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  ASSERT_TRUE(bench.submit("willow", "1", bundle({task_of(id(), "received", taken_at)})));
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_NE(bench.clinic->sent[0].bytes.find("the order was revoked"), std::string::npos);
}

TEST_F(Restored, WithoutARestoreAClinicSpeaksOnlyForWhatItWasOffered) {
  bench.add_second_choice();
  in_gap = bench.now;
  ASSERT_TRUE(order_comes());
  bench.work();
  ASSERT_TRUE(bench.submit("birch", "1", bundle({task_of(id(), "accepted", in_gap)})));
  EXPECT_EQ(bench.state(), "sending");
  EXPECT_TRUE(bench.submit("willow", "2", bundle({task_of("01UNKNOWN", "accepted", in_gap)})));
}

TEST_F(Restored, ATaskOfAnotherTimeIsNotTakenForOneOfTheGap) {
  bench.add_second_choice();
  restore();
  ASSERT_TRUE(order_comes());
  bench.work();
  for (const auto at : {taken_at - std::chrono::hours(1), bench.now}) {
    ASSERT_TRUE(bench.submit("birch", to_string(at), bundle({task_of(id(), "accepted", at)})));
    EXPECT_EQ(bench.state(), "sending") << to_string(at);
  }
}

TEST_F(Restored, TheSameEmergencyIsTheSameAlertForThePager) {
  const auto alerts = [](Bench& life) {
    EXPECT_TRUE(life.submit("ehr", "1", bundle({patient(), cauda_equina(), order()})));
    life.run();
    return life.first_pager->sent.at(0).key;
  };
  Bench second;
  EXPECT_EQ(alerts(bench), alerts(second));
}

/// Says what it has when it is asked.
class Ready : public Source {
 public:
  Ready(std::vector<std::string>& order, std::string name)
      : order_(order), name_(std::move(name)) {}
  Result<void> start(Inlet&) override { return {}; }
  Result<void> read_now(Inlet&) override {
    order_.push_back(name_);
    if (name_ == "birch" && down) return Error{ErrorCode::unavailable, "test", "down"};
    return {};
  }
  void stop() override {}
  static inline bool down = true;

 private:
  std::vector<std::string>& order_;
  std::string name_;
};

TEST_F(Restored, EachSourceIsReadOnceAndTheHospitalFirst) {
  std::vector<std::string> read;
  for (const auto& peer : bench.peers.list) {
    peer->sources.push_back(std::make_unique<Ready>(read, peer->id));
  }
  catch_up(*bench.core, *bench.in);
  EXPECT_TRUE(read.empty());  // there was no restore
  restore();
  catch_up(*bench.core, *bench.in);
  ASSERT_EQ(read.size(), bench.peers.list.size());
  EXPECT_EQ(read.front(), "ehr");
  read.clear();
  Ready::down = false;
  catch_up(*bench.core, *bench.in);
  EXPECT_EQ(read, std::vector<std::string>{"birch"});
  catch_up(*bench.core, *bench.in);
  EXPECT_EQ(read.size(), 1u);
}

}  // namespace
}  // namespace meridian::flow
