// SPDX-License-Identifier: Apache-2.0
// How a referral ends otherwise than by a report: cancelled, recalled, returned for safety, paused.
#include <gtest/gtest.h>

#include "flow/ledger.h"
#include "flow/reflect_work.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

const Knowledge& content() {
  static const Knowledge loaded = built_in_content();
  return loaded;
}

class Ends : public testing::Test {
 protected:
  Ends() : bench(content()) {}

  void deliver() {
    ASSERT_TRUE(bench.submit("ehr", "order", bundle({patient(), back_pain(), order()})));
    bench.run();
    ASSERT_EQ(bench.state(), "delivered");
  }

  void say(const std::string& clinic, const std::string& status, const std::string& business = "",
           const std::string& with = "") {
    ++version_;
    std::vector<std::string> resources = {
        task(bench.only_referral().id.str(), status, version_, business)};
    if (!with.empty()) resources.push_back(with);
    ASSERT_TRUE(bench.submit(clinic, "task/" + std::to_string(version_), bundle(resources)));
    bench.run();
  }

  void order_is(const std::string& status, int version) {
    ASSERT_TRUE(bench.submit("ehr", "order/" + std::to_string(version),
                             bundle({patient(), order(status, version)})));
    bench.run();
  }

  static std::string last(const Receiver& receiver) {
    return receiver.sent.empty() ? "" : receiver.sent.back().bytes;
  }

  Bench bench;
  int version_ = 0;
};

TEST_F(Ends, AMistakeIsRecalledFromEveryClinicThatGotIt) {
  bench.add_second_choice();
  deliver();
  say("willow", "rejected");
  ASSERT_EQ(bench.only_referral().destination, DestinationId("birch"));
  ASSERT_EQ(bench.state(), "delivered");
  order_is("entered-in-error", 2);
  EXPECT_EQ(bench.state(), "recall_asked");
  EXPECT_EQ(bench.only_referral().worklist, "recall-unconfirmed");
  for (const auto* clinic : {bench.clinic, bench.second_clinic}) {
    EXPECT_NE(last(*clinic).find("entered-in-error"), std::string::npos) << last(*clinic);
    EXPECT_NE(last(*clinic).find(recall_words), std::string::npos);
  }
  say("birch", "cancelled");
  EXPECT_EQ(bench.state(), "recall_asked") << "willow has a copy too";
  auto ledger = Ledger::open(*bench.store, bench.only_referral().id);
  EXPECT_EQ(ledger->unconfirmed_recalls(), std::vector<DestinationId>{DestinationId("willow")});
  say("willow", "cancelled");
  EXPECT_EQ(bench.state(), "entered_in_error");
  EXPECT_EQ(bench.only_referral().owner, "nobody");
}

TEST_F(Ends, TheEchoOfARecallConfirmsNothing) {
  deliver();
  order_is("entered-in-error", 2);
  auto echo = task(bench.only_referral().id.str(), "entered-in-error", 5);
  echo.insert(1, std::string(R"("statusReason":{"text":")") + recall_words + R"("},)");
  ASSERT_TRUE(bench.submit("willow", "echo", bundle({echo})));
  bench.run();
  EXPECT_EQ(bench.state(), "recall_asked");
}

TEST_F(Ends, AnUnconfirmedRecallIsAskedForAgain) {
  deliver();
  order_is("entered-in-error", 2);
  const auto before = bench.clinic->sent.size();
  bench.pass(std::chrono::hours(4));
  bench.run();
  EXPECT_EQ(bench.clinic->sent.size(), before + 1);
  bench.pass(std::chrono::hours(96));
  bench.run();
  EXPECT_EQ(bench.only_referral().worklist, "overdue");
  EXPECT_EQ(bench.only_referral().owner, "surgeon");
}

TEST_F(Ends, AMistakeThatNobodyGotIsOverAtOnce) {
  bench.history->facts = bundle({patient(), back_pain(), order()});
  ASSERT_TRUE(bench.submit("ehr", "order", bundle({patient(), order()})));
  bench.run();
  ASSERT_EQ(bench.state(), "held");
  order_is("entered-in-error", 2);
  EXPECT_EQ(bench.state(), "entered_in_error");
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST_F(Ends, ACancelBeforeTheClinicBeganIsSaidAndAfterItIsAsked) {
  deliver();
  say("willow", "in-progress", "5.1.1");
  order_is("revoked", 2);
  EXPECT_EQ(bench.state(), "cancel_asked");
  EXPECT_NE(last(*bench.clinic).find("abort"), std::string::npos) << last(*bench.clinic);
  say("willow", "completed");
  EXPECT_EQ(bench.state(), "closed") << "an outcome beats a cancel";
}

TEST_F(Ends, ACancelMayOvertakeWhatItCancels) {
  auto revoked = order("revoked", 2);
  ASSERT_TRUE(bench.submit("ehr", "first", bundle({patient(), revoked})));
  bench.run();
  ASSERT_TRUE(bench.submit("ehr", "second", bundle({patient(), back_pain(), order()})));
  bench.run();
  EXPECT_EQ(bench.state(), "cancelled");
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST_F(Ends, ACancelOfLongAgoIsNoReferral) {
  auto revoked = order("revoked", 2);
  revoked.replace(revoked.find("2026-11-20T09"), 13, "2026-11-10T09");
  ASSERT_TRUE(bench.submit("ehr", "first", bundle({patient(), revoked})));
  EXPECT_TRUE(bench.store->referrals(10)->empty());
}

TEST_F(Ends, ARedFlagOfTheClinicAlertsTheSurgeonsSideUntilSomebodyKnows) {
  deliver();
  say("willow", "in-progress", "5.1.4");
  say("willow", "failed", "safety-return");
  EXPECT_EQ(bench.state(), "safety_return");
  EXPECT_EQ(bench.only_referral().worklist, "alerts");
  ASSERT_EQ(bench.first_pager->sent.size(), 1u) << "at once";
  bench.pass(std::chrono::minutes(16));
  bench.run();
  EXPECT_EQ(bench.second_pager->sent.size(), 1u) << "it climbs";
  const auto alerts = *bench.store->open_alerts();
  ASSERT_EQ(alerts.size(), 1u);
  const auto token = bench.desk->alert_token(alerts[0].id);
  EXPECT_NE(bench.desk->alert(token)->text.find("red flag"), std::string::npos);
  ASSERT_TRUE(bench.desk->acknowledge(token, "Dr. Ilse Varga"));
  bench.run();
  EXPECT_EQ(bench.state(), "safety_known");
  EXPECT_EQ(bench.only_referral().owner, "surgeon");
  bench.pass(std::chrono::minutes(61));
  bench.run();
  EXPECT_EQ(bench.first_pager->sent.size(), 1u) << "and no further";
  order_is("revoked", 2);
  EXPECT_EQ(bench.state(), "cancelled") << "the surgeon decided";
}

TEST_F(Ends, ARedFlagAmongTheClinicsRecordsIsOneToo) {
  deliver();
  say("willow", "in-progress", "5.1.4", cauda_equina());
  EXPECT_EQ(bench.state(), "safety_return");
  ASSERT_EQ(bench.first_pager->sent.size(), 1u);
  say("willow", "in-progress", "5.1.4");
  EXPECT_EQ(bench.state(), "safety_return") << "the next visit does not hide it";
  EXPECT_EQ(bench.first_pager->sent.size(), 1u) << "one alert";
}

TEST_F(Ends, AnOrderOnHoldPausesTheClinicAndGoesOn) {
  deliver();
  say("willow", "in-progress", "5.1.1");
  order_is("on-hold", 2);
  EXPECT_EQ(bench.state(), "on_hold");
  EXPECT_NE(last(*bench.clinic).find("on hold"), std::string::npos) << last(*bench.clinic);
  order_is("active", 3);
  EXPECT_EQ(bench.state(), "scheduled");
}

TEST_F(Ends, AnOrderOnHoldIsNotSentBeforeItGoesOn) {
  ASSERT_TRUE(bench.submit("ehr", "order", bundle({patient(), back_pain(), order()})));
  bench.work();
  ASSERT_EQ(bench.state(), "sending");
  ASSERT_TRUE(bench.submit("ehr", "pause", bundle({patient(), order("on-hold", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "on_hold");
  EXPECT_TRUE(bench.clinic->sent.empty());
  order_is("active", 3);
  EXPECT_EQ(bench.state(), "delivered");
}

TEST_F(Ends, APersonGivesUpAPatientWhoNeverCame) {
  deliver();
  const Intervention lost{"lost", bench.only_referral().id.str(), "", "moved away", true};
  EXPECT_NE(bench.operations->intervene(lost, "Ada")->find("refused"), std::string::npos)
      << "there was no visit to miss";
  say("willow", "in-progress", "5.1.2");
  ASSERT_EQ(bench.state(), "no_show");
  EXPECT_NE(bench.operations->intervene(lost, "Ada")->find("\"done\":true"), std::string::npos);
  bench.run();
  EXPECT_EQ(bench.state(), "lost");
  EXPECT_NE(last(*bench.clinic).find("moved away"), std::string::npos);
}

TEST_F(Ends, APersonAnswersWhatTheClinicAsked) {
  deliver();
  say("willow", "received", "awaiting-information");
  ASSERT_EQ(bench.state(), "need_info");
  EXPECT_EQ(bench.only_referral().owner, "surgeon");
  EXPECT_EQ(bench.only_referral().worklist, "clinic-asks");
  const auto id = bench.only_referral().id.str();
  ASSERT_TRUE(bench.operations->intervene({"reply", id, "", "no metal in the spine", true}, "Ada"));
  bench.run();
  EXPECT_EQ(bench.state(), "in_triage");
  EXPECT_EQ(bench.only_referral().owner, "clinic");
  EXPECT_NE(last(*bench.clinic).find("no metal in the spine"), std::string::npos);
}

TEST_F(Ends, APersonConfirmsARecallByPhone) {
  deliver();
  order_is("entered-in-error", 2);
  const auto id = bench.only_referral().id.str();
  EXPECT_FALSE(bench.operations->intervene({"confirm-recall", id, "willow", "", true}, "Ada"))
      << "without a reason";
  EXPECT_NE(bench.operations->intervene({"confirm-recall", id, "birch", "phone", true}, "Ada")
                ->find("nothing to confirm"),
            std::string::npos);
  ASSERT_TRUE(
      bench.operations->intervene({"confirm-recall", id, "willow", "by phone", true}, "Ada"));
  EXPECT_EQ(bench.state(), "entered_in_error");
}

TEST_F(Ends, WhatAClinicMayNotSayIsShownAndChangesNothing) {
  deliver();
  say("willow", "completed");
  ASSERT_EQ(bench.state(), "closed");
  say("willow", "in-progress", "5.1.1");
  EXPECT_EQ(bench.state(), "closed");
  const auto shown = bench.operations->intervene(
      {"reveal", "explanation/" + bench.only_referral().id.str(), "", "", true}, "Ada");
  ASSERT_TRUE(shown);
  EXPECT_NE(shown->find("It changed nothing"), std::string::npos) << *shown;
}

}  // namespace
}  // namespace meridian::flow
