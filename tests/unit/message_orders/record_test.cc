// SPDX-License-Identifier: Apache-2.0
// An order by HL7 v2 of a hospital whose record is on a FHIR server: whose record it is, what of
// the message goes along, and how the hospital is told.
#include <gtest/gtest.h>

#include "unit/message_orders/hospital.h"

namespace meridian::flow {
namespace {

class RecordTest : public testing::Test {
 protected:
  MessageHospital bench_{MessageHospital::Record::fhir};

  bool sent(const std::string& words) const {
    return bench_.packet().find(words) != std::string::npos;
  }
  bool told(const std::string& words) const {
    return bench_.told().find(words) != std::string::npos;
  }
  void expect_held(const std::string& words) {
    ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
    bench_.run();
    EXPECT_EQ(bench_.state(), "held");
    EXPECT_EQ(bench_.row().worklist, "patient-match");
    EXPECT_NE(bench_.row().decision.find(words), std::string::npos) << bench_.row().decision;
    EXPECT_EQ(bench_.packet(), "");
    EXPECT_FALSE(told("\"reference\":\"Patient/")) << bench_.told();
    EXPECT_TRUE(told("RF-700"));
  }
};

TEST_F(RecordTest, AReferralOfOnePatientIsSentWithHisHistoryAndWhatTheMessageSaid) {
  put_patient(bench_);
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << bench_.row().decision;
  EXPECT_EQ(bench_.row().patient_ref, "Patient/p1");
  EXPECT_EQ(bench_.row().order_ref, "ServiceRequest/EPIC.RF-700");
  EXPECT_TRUE(sent("M51.369")) << "of the record";
  EXPECT_TRUE(sent("M54.59")) << "of the message";
  EXPECT_TRUE(sent("rf01.saddle")) << "an answer of the message";
  EXPECT_TRUE(sent("RF-700"));
  EXPECT_FALSE(sent("STLUKE.40023")) << "the message's own name of the patient";
  EXPECT_FALSE(sent("\"reference\":\"Patient/")) << "everything is about the packet's patient";
}

TEST_F(RecordTest, TheHospitalIsToldAboutItsPatientAndTheNumberOfTheOrder) {
  put_patient(bench_);
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  EXPECT_TRUE(told(R"("for":{"reference":"Patient/p1"})")) << bench_.told();
  EXPECT_TRUE(told(R"("value":"RF-700")"));
  EXPECT_FALSE(told("ServiceRequest/EPIC")) << "no such address there";
}

TEST_F(RecordTest, TheHospitalsOwnRecordOfTheOrderIsFoundByItsNumberAndIsNoSecondReferral) {
  put_patient(bench_);
  const std::string own = R"({"resourceType":"ServiceRequest","id":"s9","meta":{"versionId":"1"},)"
                          R"("status":"active","intent":"order","identifier":[{"system":)"
                          R"("urn:hl7v2:EPIC","value":"RF-700"}],"code":{"coding":[{"system":)"
                          R"("http://snomed.info/sct","code":"44868003"}]},)"
                          R"("subject":{"reference":"Patient/p1"}})";
  bench_.ehr.put(own);
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  EXPECT_TRUE(told(R"("focus":{"reference":"ServiceRequest/s9"})")) << bench_.told();
  ASSERT_TRUE(bench_.submit("ehr", "poll/1", bundle({own})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << "still the only one";
  auto revoked = own;
  revoked.replace(revoked.find("active"), 6, "revoked");
  ASSERT_TRUE(bench_.submit("ehr", "poll/2", bundle({revoked})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "cancel_asked");
}

TEST_F(RecordTest, WhereThePollSawTheOrderFirstTheMessagesReferralIsHeldAsItsRepeat) {
  put_patient(bench_);
  const std::string own = R"({"resourceType":"ServiceRequest","id":"s9","meta":{"versionId":"1"},)"
                          R"("status":"active","intent":"order","identifier":[{"system":)"
                          R"("urn:hl7v2:EPIC","value":"RF-700"}],"code":{"coding":[{"system":)"
                          R"("http://snomed.info/sct","code":"44868003"}]},)"
                          R"("subject":{"reference":"Patient/p1"}})";
  bench_.ehr.put(own);
  ASSERT_TRUE(bench_.submit("ehr", "poll/1", bundle({own})));
  bench_.run();
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  const auto rows = bench_.store->referrals(10);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  const auto repeats = [](const store::ReferralRow& row) {
    return row.order_ref == "ServiceRequest/EPIC.RF-700" && row.worklist == "duplicate-order";
  };
  EXPECT_EQ(std::count_if(rows->begin(), rows->end(), repeats), 1);
}

TEST_F(RecordTest, AnOrderOfAnotherShapeFindsItsPatientByAnOid) {
  put_patient(bench_);
  ASSERT_TRUE(
      bench_.hear("G-1", msh("OMG^O19^OMG_O19", "G-1") +
                             "PID|1||E-77^^^&1.2.840.99999.7&ISO^MR||ABARA^NGOZI||198505|M\r"
                             "ORC|NW|889342^^1.2.840.99999.8^ISO|||||||20261120085500\r"
                             "OBR|1|889342^^1.2.840.99999.8^ISO||44868003^Acupuncture^SCT\r"
                             "DG1|1||M54.59^Other low back pain^I10\r" +
                             no_to_all()));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << bench_.row().decision;
  EXPECT_EQ(bench_.row().patient_ref, "Patient/p1");
  EXPECT_TRUE(sent("M51.369"));
}

TEST_F(RecordTest, AnOldOrmWithTheNumberInPid2AndNoVersionedTimeIsTheSame) {
  put_patient(bench_);
  ASSERT_TRUE(bench_.hear("O-1", msh("ORM^O01", "O-1", "2.3") +
                                     "PID|1|40023^^^STLUKE|||ABARA^NGOZI||19850505|M\r"
                                     "PV1|1|O|||||||||||||||||V50\r"
                                     "ORC|NW|ORD-501^EPIC\r"
                                     "OBR|1|ORD-501^EPIC||REF200^Ambulatory referral to "
                                     "acupuncture^L\r"
                                     "DG1|1||M54.59^Other low back pain^I10\r" +
                                     no_to_all()));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << bench_.row().decision;
  EXPECT_EQ(bench_.row().patient_ref, "Patient/p1");
}

TEST_F(RecordTest, APatientWhoIsNotThereIsHeldForAPerson) {
  expect_held("exactly one");
}

TEST_F(RecordTest, TwoPatientsWithTheNumberAreHeldForAPerson) {
  put_patient(bench_, "p1");
  put_patient(bench_, "p2");
  expect_held("exactly one");
}

TEST_F(RecordTest, ABirthDateThatContradictsIsHeldForAPerson) {
  put_patient(bench_, "p1", "1958-05-05");
  expect_held("contradict");
}

TEST_F(RecordTest, ANumberOfAnAuthorityThatIsNotMappedFindsNobody) {
  put_patient(bench_);
  ASSERT_TRUE(bench_.hear("I-1", msh("REF^I12^REF_I12", "I-1") +
                                     "RF1|P|R|ACU^Acupuncture^L|RP|O|RF-700^EPIC|20261120\r"
                                     "PID|1||40023^^^LAKEVIEW^MR||ABARA^NGOZI||19850505|M\r" +
                                     no_to_all()));
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
  EXPECT_EQ(bench_.row().worklist, "patient-match");
}

TEST_F(RecordTest, AServerThatIsDownIsAskedAgainLater) {
  put_patient(bench_);
  bool down = true;
  bench_.ehr.instead = [&](const test::Seen&) -> std::optional<test::Reply> {
    if (!down) return std::nullopt;
    return test::json(503, R"({"resourceType":"OperationOutcome"})");
  };
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.work();
  EXPECT_EQ(bench_.state(), "noted");
  down = false;
  bench_.pass(std::chrono::minutes(20));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << bench_.row().decision;
}

TEST_F(RecordTest, AnAnswerInALaterMessageReleasesTheReferral) {
  put_patient(bench_);
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all({"rf01.saddle"}))));
  bench_.run();
  EXPECT_EQ(bench_.state(), "held") << bench_.row().decision;
  EXPECT_NE(bench_.row().decision.find("rf01.saddle"), std::string::npos);
  ASSERT_TRUE(bench_.hear(
      "U-1", msh("ORU^R01", "U-1") + pid() + "OBR|1|||SCREEN^Screening^L\r" + no_to_all()));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << bench_.row().decision;
}

TEST_F(RecordTest, AnAnswerAboutSomebodyElseReleasesNothing) {
  put_patient(bench_);
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all({"rf01.saddle"}))));
  bench_.run();
  ASSERT_TRUE(bench_.hear("U-1", msh("ORU^R01", "U-1") +
                                     "PID|1||40024^^^STLUKE^MR||ABARA^CHIKE||19850505|M\r"
                                     "OBR|1|||SCREEN^Screening^L\r" +
                                     no_to_all()));
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
}

TEST_F(RecordTest, ACancellingMessageEndsIt) {
  put_patient(bench_);
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  auto cancel = referral("");
  cancel.replace(cancel.find("REF^I12^REF_I12|I-1"), 19, "REF^I14^REF_I12|I-2");
  cancel.replace(cancel.find("20261120090000"), 14, "20261120094500");
  ASSERT_TRUE(bench_.hear("I-2", cancel));
  bench_.run();
  EXPECT_EQ(bench_.state(), "cancel_asked");
}

TEST_F(RecordTest, APersonWhoNamesThePatientIsFollowedAndTheOrderIsStillTheMessages) {
  put_patient(bench_, "p1");
  put_patient(bench_, "p2");
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all())));
  bench_.run();
  ASSERT_EQ(bench_.row().worklist, "patient-match");
  const auto link = bench_.told().find("/patients/");
  ASSERT_NE(link, std::string::npos) << bench_.told();
  const auto end = bench_.told().find_first_of("\" \\", link);
  const auto token = bench_.told().substr(link + 10, end - link - 10);
  const auto given = bench_.desk->give_patient_link(token, {"Front desk", "Patient/p2", false});
  ASSERT_TRUE(given) << given.error().what.view();
  EXPECT_EQ(given->refused, "");
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered") << bench_.row().decision;
  EXPECT_EQ(bench_.row().patient_ref, "Patient/p2");
  EXPECT_TRUE(sent("rf01.saddle"));
}

}  // namespace
}  // namespace meridian::flow
