// SPDX-License-Identifier: Apache-2.0
// What a person does: replaying, deciding, redirecting; each first as a preview.
#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

const Caller ada{"Ada", Role::operations};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Operate : public testing::Test {
 protected:
  std::string ask(const std::string& action, const std::string& target, bool apply = false,
                  const std::string& clinic = "", const std::string& reason = "") {
    const auto answer = bench.desk->intervene(ada, {action, target, clinic, reason, apply});
    return answer ? *answer : std::string(error_row(answer.error().code).name);
  }
  std::string redirect(const std::string& to, bool apply = true, const std::string& reason = "") {
    return ask("redirect", bench.only_referral().id.str(), apply, to, reason);
  }
  void release() {
    ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
    bench.work();
    ASSERT_EQ(bench.state(), "sending");
  }
  /// The packet is refused for good.
  void refuse(ErrorCode code = ErrorCode::invalid) {
    release();
    bench.clinic->failures.push_back({code, "test", "refused"});
    bench.deliver();
  }
  std::string number_of_dead() {
    return std::to_string(bench.store->dead_letters(1)->front().number);
  }
  std::vector<std::string> audited() {
    std::vector<std::string> events;
    const auto entries = *bench.store->audit(20);
    for (const auto& entry : entries) {
      if (entry.actor == "Ada") events.push_back(entry.event);
    }
    return events;
  }
  std::string told(const Receiver& receiver) {
    return receiver.sent.empty() ? "nothing" : receiver.sent.back().bytes;
  }

  Bench bench;
};

TEST_F(Operate, ADeadPacketIsSentAgainWhileItsDecisionHolds) {
  refuse();
  const auto number = number_of_dead();
  const auto preview = ask("send-again", number);
  EXPECT_TRUE(has(preview, R"("current":true)")) << preview;
  EXPECT_TRUE(has(preview, R"("done":false)")) << preview;
  bench.run();
  EXPECT_EQ(bench.state(), "undelivered");
  EXPECT_TRUE(bench.clinic->sent.empty());

  EXPECT_TRUE(has(ask("send-again", number, true), R"("done":true)"));
  const auto gathered = bench.history->asked;
  bench.deliver();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.history->asked, gathered);
  bench.run();  // looks again: what was found while it lay dead went into no packet
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_EQ(audited(), std::vector<std::string>{"Delivery.send-again"});
  EXPECT_TRUE(has(ask("send-again", number, true), "\"refused\":\"it is delivered"));
}

TEST_F(Operate, ADeadPacketWhoseScreenIsOldIsDecidedAnew) {
  refuse();
  bench.pass(std::chrono::hours(24 * 60));
  bench.history->facts = bundle({patient(), back_pain(), order(), answers(bench.now)});
  const auto number = number_of_dead();
  EXPECT_TRUE(has(ask("send-again", number), R"("current":false)"));
  ask("send-again", number, true);
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ((*bench.store->delivery(std::stoi(number)))->state, store::DeliveryState::superseded);
}

TEST_F(Operate, ADeadPacketOfACancelledOrderIsSentNoMore) {
  refuse();
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), order("revoked", 2)})));
  ask("send-again", number_of_dead(), true);
  bench.run();
  EXPECT_EQ(bench.state(), "cancelled");
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST_F(Operate, AnOldStatusDoesNotTakeThePlaceOfANewerOne) {
  release();
  bench.hospital->failures.push_back({ErrorCode::invalid, "test", "refused"});
  bench.deliver();  // the status "sending" is dead, the packet delivered
  bench.run();
  const auto before = told(*bench.hospital);
  const auto preview = ask("send-again", number_of_dead(), true);
  EXPECT_TRUE(has(preview, "a newer status was made since")) << preview;
  bench.run();
  EXPECT_EQ(told(*bench.hospital), before);
  EXPECT_TRUE(has(before, "delivered")) << before;
}

class Ambiguous : public Operate {
 protected:
  void SetUp() override {
    bench.clinic->recognises = false;
    refuse(ErrorCode::timed_out);
    number = std::to_string(bench.store->outbox(1)->front().number);
  }
  std::string number;
};

TEST_F(Ambiguous, ItArrivedAndTheReferralGoesOn) {
  ask("arrived", number, true);
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST_F(Ambiguous, ItDidNotAndIsSentOnceMore) {
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_TRUE(has(ask("send-again", number), R"("recognisesRepeats":false)"));
  ask("send-again", number, true);
  bench.run();
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_EQ(bench.state(), "delivered");
}

TEST_F(Ambiguous, ItIsGivenUp) {
  ask("give-up", number, true);
  EXPECT_EQ(bench.state(), "undelivered");
  EXPECT_EQ(bench.store->dead_letters(2)->size(), 1u);
  EXPECT_TRUE(has(ask("give-up", number, true), "refused"));
}

TEST_F(Operate, WorkThatWasGivenUpIsDoneAgain) {
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.history->failures.push_back({ErrorCode::forbidden, "test", "no right"});
  bench.work();
  const auto number = std::to_string(bench.store->dead_work(1)->front().number);
  EXPECT_TRUE(has(ask("revive", number), R"("error":"forbidden","class":"permanent")"));
  ask("revive", number, true);
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
}

TEST_F(Operate, AMessageThatWasSetAsideIsReadAgain) {
  const auto bytes = bundle({patient(), back_pain(), order()});
  ASSERT_TRUE(
      bench.in->quarantine({SourceId("ehr"), "1", "application/fhir+json", bytes, bench.now},
                           {{Severity::fatal, "suppressed", "", "it ended the program"}}));
  const auto id = bench.store->quarantine(1)->front().id.str();
  EXPECT_TRUE(has(ask("read-again", id), "concerns 1 referral(s)"));
  ask("read-again", id, true);
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(ask("read-again", id, true), "not_found");
}

TEST_F(Operate, AMessageThatIsStillUnreadableStaysAside) {
  ASSERT_TRUE(bench.submit("ehr", "1", "{\"resourceType\":"));
  const auto id = bench.store->quarantine(1)->front().id.str();
  EXPECT_TRUE(has(ask("read-again", id, true), "\"refused\":\"it still cannot be read"));
  EXPECT_EQ(bench.store->quarantine(2)->size(), 1u);
}

class Redirect : public Operate {
 protected:
  Redirect() { bench.add_second_choice(); }
};

TEST_F(Redirect, WhatWaitsForTheFirstClinicGoesToTheOther) {
  release();
  EXPECT_TRUE(has(redirect("birch", false), R"("done":false)"));
  redirect("birch");
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_EQ(bench.second_clinic->sent.size(), 1u);
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.only_referral().destination.str(), "birch");
  EXPECT_TRUE(has(bench.only_referral().decision, "chosen by Ada"));
}

TEST_F(Redirect, AnOrderThatIsHeardOfAgainDoesNotUndoTheChoice) {
  release();
  redirect("birch");
  ASSERT_TRUE(bench.submit("ehr", "again", bundle({patient(), back_pain(), order("active", 2)})));
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_EQ(bench.second_clinic->sent.size(), 1u);
  EXPECT_EQ(bench.only_referral().destination.str(), "birch");
}

TEST_F(Redirect, IsNotDoneAnyMoreWhenTheOrderIsRevoked) {
  release();
  redirect("birch");
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), back_pain(), order("revoked", 2)})));
  bench.run();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_TRUE(bench.second_clinic->sent.empty());
  EXPECT_EQ(bench.state(), "cancelled");
}

TEST_F(Redirect, AClinicThatHasItIsTold) {
  release();
  bench.run();
  ASSERT_TRUE(
      bench.submit("willow", "1", bundle({task(bench.only_referral().id.str(), "accepted", 1)})));
  bench.run();
  ASSERT_EQ(bench.state(), "accepted");
  redirect("birch");
  bench.run();
  EXPECT_TRUE(has(told(*bench.clinic), "cancelled the referral was sent to another clinic"))
      << told(*bench.clinic);
  EXPECT_EQ(bench.second_clinic->sent.size(), 1u);
  EXPECT_EQ(bench.state(), "delivered");
  ASSERT_TRUE(
      bench.submit("willow", "2", bundle({task(bench.only_referral().id.str(), "completed", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
}

TEST_F(Redirect, ARequirementThatFailsIsRefusedUnlessAReasonIsKept) {
  release();
  auto birch = receiver("birch", 1);
  birch.accepts_new_patients = false;
  bench.know({receiver("willow", 0), birch});
  const auto refused = redirect("birch");
  EXPECT_TRUE(has(refused, "birch: accepts no new patients")) << refused;
  EXPECT_TRUE(has(refused, R"("done":false)")) << refused;
  bench.run();
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_TRUE(bench.second_clinic->sent.empty());

  EXPECT_TRUE(has(redirect("birch", true, "agreed by phone"), R"("done":true)"));
  bench.run();
  EXPECT_EQ(bench.second_clinic->sent.size(), 1u);
  EXPECT_TRUE(has(bench.only_referral().decision, "although: agreed by phone"));
}

TEST_F(Redirect, WhatTheAssessmentHoldsIsNotLetGoByAnyReason) {
  release();
  bench.history->facts =
      bundle({patient(), back_pain(), order(), answers(bench.now, {"rf05.fever"})});
  const auto refused = redirect("birch", true, "please");
  EXPECT_TRUE(has(refused, "the assessment does not let it go")) << refused;
}

TEST_F(Redirect, IsRefusedWhereItMakesNoSense) {
  release();
  EXPECT_TRUE(has(redirect("willow"), "replay the delivery instead"));
  EXPECT_EQ(redirect("nowhere"), "not_found");
  redirect("birch");
  bench.run();
  EXPECT_TRUE(has(redirect("willow"), "offered to this receiver before"));
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), order("revoked", 2)})));
  EXPECT_TRUE(has(redirect("willow"), "cancel_asked is not sent elsewhere"));
}

TEST_F(Operate, PatientDataIsShownToANamedPersonAndThatIsKept) {
  release();
  const auto id = bench.only_referral().id.str();
  EXPECT_TRUE(has(ask("reveal", "referral/" + id), "Patient/alder"));
  EXPECT_TRUE(has(ask("reveal", "delivery/1"), R"("body":")"));
  EXPECT_EQ(ask("reveal", "message/none"), "not_found");
  EXPECT_EQ(audited(), (std::vector<std::string>{"PatientRead", "PatientRead"}));
}

TEST_F(Operate, OnlyOperatorsWithANameMayAndOnlyWhatThereIs) {
  refuse();
  const Intervention given{"send-again", number_of_dead(), "", "", true};
  for (const auto role : {Role::none, Role::viewer, Role::staff, Role::contact, Role::source}) {
    EXPECT_EQ(bench.desk->intervene({"Ada", role}, given).error().code, ErrorCode::forbidden);
  }
  EXPECT_EQ(bench.desk->intervene({" ", Role::operations}, given).error().code, ErrorCode::invalid);
  EXPECT_EQ(ask("explode", "1"), "invalid");
  EXPECT_EQ(ask("send-again", "one"), "invalid");
  EXPECT_EQ(ask("send-again", "999"), "not_found");
}

}  // namespace
}  // namespace meridian::flow
