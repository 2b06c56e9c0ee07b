// SPDX-License-Identifier: Apache-2.0
// An order by HL7 v2 of a hospital whose record cannot be read.
#include <gtest/gtest.h>

#include "unit/message_orders/hospital.h"

namespace meridian::flow {
namespace {

class NoRecordTest : public testing::Test {
 protected:
  MessageHospital bench_{MessageHospital::Record::none};
};

TEST_F(NoRecordTest, HistoryIsSaidToBeNotAvailableAndHoldsTheReferral) {
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  EXPECT_EQ(bench_.state(), "held") << bench_.row().decision;
  EXPECT_NE(bench_.row().decision.find("history.conditions"), std::string::npos)
      << bench_.row().decision;
  EXPECT_NE(bench_.row().assessment.find("the history of medications is failed: not available"),
            std::string::npos)
      << bench_.row().assessment;
  EXPECT_EQ(bench_.row().decision.find("rf01"), std::string::npos) << "the answers count";
}

TEST_F(NoRecordTest, NothingIsTakenToBeAbsent) {
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all({"ac02.anticoagulant"}))));
  bench_.run();
  EXPECT_NE(bench_.row().decision.find("ac02.anticoagulant"), std::string::npos)
      << bench_.row().decision;
}

TEST_F(NoRecordTest, AnEmergencyInTheMessageIsAlertedAllTheSame) {
  ASSERT_TRUE(bench_.hear("I-1", referral("DG1|2||G83.4^Cauda equina syndrome^I10||20261119|W\r")));
  bench_.run();
  EXPECT_EQ(bench_.state(), "emergency");
  EXPECT_EQ(bench_.first_pager->sent.size(), 1u);
}

}  // namespace
}  // namespace meridian::flow
