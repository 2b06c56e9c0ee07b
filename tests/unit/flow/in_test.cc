// SPDX-License-Identifier: Apache-2.0
// The path IN: what is kept, what is answered, what follows.
#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

TEST(In, KeepsAnOrderAndAsksForItsAssessment) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  EXPECT_EQ(bench.state(), "noted");
  EXPECT_EQ(bench.store->counts()->work_due, 1);
}

TEST(In, ARepeatGetsTheSameAnswerAndChangesNothing) {
  Bench bench;
  const auto bytes = bundle({patient(), order()});
  const auto first = bench.submit("ehr", "1", bytes);
  const auto second = bench.submit("ehr", "1", bytes);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(bench.store->counts()->messages, 1);
  EXPECT_EQ(bench.only_referral().version, 1);
}

TEST(In, TheSameIdWithAnotherBodyIsAConflict) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  const auto other = bench.submit("ehr", "1", bundle({patient()}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
}

TEST(In, TheSameOrderInTwoMessagesIsOneReferral) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), order(), back_pain()})));
  ASSERT_TRUE(bench.submit("ehr", "3", bundle({patient(), order("active", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
}

TEST(In, WhatCannotBeReadIsKeptInQuarantineAndSaidSo) {
  Bench bench;
  const auto answer = bench.submit("ehr", "1", "{\"resourceType\":\"Bundle\",");
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->find("\"severity\":\"fatal\""), std::string::npos) << *answer;
  const auto kept = bench.store->quarantine(10);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1u);
}

TEST(In, ASourceThatIsNotConfiguredIsRefused) {
  Bench bench;
  const auto answer = bench.submit("stranger", "1", bundle({patient(), order()}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::forbidden);
  EXPECT_EQ(bench.store->counts()->messages, 0);
}

TEST(In, AnEmergencyInTheMessageIsAlertedInItsOwnCommit) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order(), cauda_equina()})));
  EXPECT_EQ(bench.state(), "emergency");  // before any work was done
  bench.deliver();
  ASSERT_EQ(bench.first_pager->sent.size(), 1u);
  EXPECT_NE(bench.first_pager->sent[0].bytes.find("RF01"), std::string::npos);
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_EQ(bench.first_pager->sent.size(), 1u);
}

TEST(In, AnAlertClimbsUntilSomebodyAcknowledges) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order(), cauda_equina()})));
  bench.run();
  bench.pass(std::chrono::minutes(16));
  bench.run();
  EXPECT_EQ(bench.second_pager->sent.size(), 1u);
  const auto alerts = bench.store->open_alerts();
  ASSERT_TRUE(alerts);
  ASSERT_EQ(alerts->size(), 1u);
  ASSERT_TRUE(bench.operations->acknowledge(alerts->front().id, "Dr. Birch"));
  ASSERT_TRUE(bench.operations->acknowledge(alerts->front().id, "Dr. Late"));
  EXPECT_EQ(bench.state(), "emergency_known");
  EXPECT_EQ(bench.operations->alert(alerts->front().id)->acknowledged_by, "Dr. Birch");
  bench.pass(std::chrono::hours(2));
  bench.run();
  EXPECT_EQ(bench.first_pager->sent.size() + bench.second_pager->sent.size(), 2u);
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST(In, ARevokedOrderIsNotSent) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  bench.work();
  EXPECT_EQ(bench.state(), "sending");
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), order("revoked", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "cancelled");
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST(In, AnOrderRevokedAfterItWasSentIsToldToTheClinicWhichConfirms) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  bench.run();
  ASSERT_EQ(bench.state(), "delivered");
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), order("revoked", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "cancel_asked");
  ASSERT_EQ(bench.clinic->sent.size(), 2u);
  EXPECT_NE(bench.clinic->sent[1].bytes.find("revoked"), std::string::npos);
  const auto id = bench.only_referral().id.str();
  ASSERT_TRUE(bench.submit("willow", "t1/2", bundle({task(id, "cancelled", 2)})));
  EXPECT_EQ(bench.state(), "cancelled");
}

TEST(In, AClinicSpeaksOnlyForAReferralThatIsWithIt) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  const auto id = bench.only_referral().id.str();
  ASSERT_TRUE(bench.submit("willow", "t/1", bundle({task(id, "completed", 1)})));
  EXPECT_EQ(bench.state(), "noted");
}

}  // namespace
}  // namespace meridian::flow
