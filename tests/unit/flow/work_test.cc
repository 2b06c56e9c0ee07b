// SPDX-License-Identifier: Apache-2.0
// The path WORK: what is decided from what was gathered.
#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

void submit_order(Bench& bench) {
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
}

TEST(Work, ReleasesAReferralWhoseQuestionsAreAnswered) {
  Bench bench;
  submit_order(bench);
  bench.work();
  EXPECT_EQ(bench.state(), "sending") << bench.only_referral().assessment;
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_FALSE(bench.clinic->sent[0].repeat);
  EXPECT_FALSE(bench.hospital->sent.empty());  // the surgeon is told
}

TEST(Work, HoldsForAMissingAnswerAndIsReleasedByOne) {
  Bench bench;
  bench.history->facts = bundle({patient(), back_pain(), order()});
  submit_order(bench);
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  EXPECT_EQ(bench.only_referral().worklist, "letters-outstanding");
  EXPECT_NE(bench.only_referral().decision.find("rf01.saddle"), std::string::npos);
  EXPECT_TRUE(bench.clinic->sent.empty());

  bench.history->facts = bundle({patient(), back_pain(), order(), answers(bench.now)});
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({answers(bench.now)})));
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
}

TEST(Work, AnAnswerThatIsTooOldDoesNotRelease) {
  Bench bench;
  bench.history->facts =
      bundle({patient(), back_pain(), order(), answers(bench.now - std::chrono::hours(25))});
  submit_order(bench);
  bench.run();
  EXPECT_EQ(bench.state(), "held");
}

TEST(Work, AScreenThatAgesBeforeTheFirstSendIsAskedAgain) {
  Bench bench;
  submit_order(bench);
  bench.work();
  ASSERT_EQ(bench.state(), "sending");
  bench.pass(std::chrono::hours(25));
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST(Work, AbsenceIsNotConcludedFromAHistoryThatFailed) {
  Bench bench;
  bench.history->completeness = Completeness::failed;
  submit_order(bench);
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  EXPECT_NE(bench.only_referral().decision.find("history."), std::string::npos)
      << bench.only_referral().decision;
}

TEST(Work, AnUnreachableHistoryIsTriedAgain) {
  Bench bench;
  bench.history->failures = {{ErrorCode::unavailable, "test", "down"},
                             {ErrorCode::timed_out, "test", "slow"}};
  submit_order(bench);
  bench.work();
  EXPECT_EQ(bench.state(), "noted");
  bench.pass(std::chrono::seconds(5));
  bench.work();
  bench.pass(std::chrono::seconds(10));
  bench.run();
  EXPECT_EQ(bench.history->asked, 3);
  EXPECT_EQ(bench.state(), "delivered");
}

TEST(Work, APatientWhoIsNotExactlyOneIsHeldForAPerson) {
  Bench bench;
  bench.history->patient_resolved = false;
  submit_order(bench);
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  EXPECT_NE(bench.only_referral().decision.find("exactly one"), std::string::npos);
}

TEST(Work, AnEmergencyFoundInTheHistoryIsAlerted) {
  Bench bench;
  bench.history->facts =
      bundle({patient(), back_pain(), order(), cauda_equina(), answers(bench.now)});
  submit_order(bench);
  EXPECT_EQ(bench.state(), "noted");
  bench.run();
  EXPECT_EQ(bench.state(), "emergency");
  EXPECT_EQ(bench.first_pager->sent.size(), 1u);
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST(Work, TheWayBackClosesTheReferral) {
  Bench bench;
  submit_order(bench);
  bench.run();
  const auto id = bench.only_referral().id.str();
  const auto news = [&](const char* status, int version, const char* business) {
    ASSERT_TRUE(bench.submit("willow", "t1/" + std::to_string(version),
                             bundle({task(id, status, version, business)})));
    bench.run();
  };
  news("accepted", 2, "");
  EXPECT_EQ(bench.state(), "accepted");
  news("in-progress", 3, "5.1.1");
  EXPECT_EQ(bench.state(), "scheduled");
  news("completed", 5, "7.0");
  EXPECT_EQ(bench.state(), "closed");
  news("in-progress", 4, "5.1.4");  // late: it changes nothing
  EXPECT_EQ(bench.state(), "closed");
  bool note = false;
  for (const auto& sent : bench.hospital->sent) note = note || sent.bytes.starts_with("note");
  EXPECT_TRUE(note);
}

}  // namespace
}  // namespace meridian::flow
