// SPDX-License-Identifier: Apache-2.0
// An order by HL7 v2 of a hospital whose record cannot be read.
#include <gtest/gtest.h>

#include "flow/sign_off.h"
#include "unit/message_orders/hospital.h"
#include "unit/web/browser.h"

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
  EXPECT_NE(bench_.row().assessment.find("the history of medications is not asked: not available"),
            std::string::npos)
      << bench_.row().assessment;
  EXPECT_EQ(bench_.row().decision.find("rf01"), std::string::npos) << "the answers count";
}

TEST_F(NoRecordTest, ANamedPersonMayReleaseItAndTheClinicReadsThatNothingWasAvailable) {
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  const auto ticket = current_sign_off(bench_.row());
  ASSERT_TRUE(ticket) << bench_.row().decision;
  const auto signed_off =
      test::ask(*bench_.desk, "POST", bench_.core->sign_off_link(*ticket),
                "rule=history.not-available&by=Dr.+I.+Varga&role=surgeon&reason=all+asked");
  EXPECT_EQ(signed_off.status, 200) << signed_off.body;
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << bench_.row().decision;
  EXPECT_NE(bench_.packet().find("the history of medications is not asked: not available"),
            std::string::npos)
      << bench_.packet();
  EXPECT_NE(bench_.packet().find("M54.59"), std::string::npos);
}

TEST_F(NoRecordTest, ASignatureReleasesNoOpenQuestion) {
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all({"rf01.saddle"}))));
  bench_.run();
  const auto ticket = current_sign_off(bench_.row());
  ASSERT_TRUE(ticket);
  test::ask(*bench_.desk, "POST", bench_.core->sign_off_link(*ticket),
            "rule=history.not-available&by=Dr.+I.+Varga&role=surgeon&reason=all+asked");
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
  EXPECT_EQ(bench_.packet(), "");
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
