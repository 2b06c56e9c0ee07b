// SPDX-License-Identifier: Apache-2.0
// A FHIR hospital's referral goes to a clinic that speaks HL7 v2, and its answers come back.
#include <gtest/gtest.h>

#include "hl7v2/read/reader.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/write/writer.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

constexpr const char* media_type = "x-application/hl7-v2+er7";

/// "willow" gets and sends HL7 v2.
struct Town : Bench {
  Town() {
    hl7v2::ReadSettings settings;
    settings.tables = &knowledge.terminology;
    peers.readers.push_back(std::make_unique<hl7v2::Hl7v2Reader>(settings));
    for (auto& peer : peers.list) {
      if (peer->id != "willow") continue;
      peer->renderer = std::make_unique<hl7v2::Hl7v2Renderer>(*hl7v2::find_write_dialect("v2"),
                                                              knowledge.terminology);
      peer->profile.allowed = {{"Patient", {"identifier", "name", "gender", "birthDate"}},
                               {"ServiceRequest", {"*"}},
                               {"Condition", {"code"}}};
    }
    EXPECT_TRUE(submit("ehr", "1", bundle({patient(), order()})));
    run();
  }

  /// A field of what the clinic was sent last, as it is written.
  std::string field(const char* segment, std::size_t number) {
    if (clinic->sent.empty()) return "nothing was sent";
    Issues issues;
    const auto message = hl7v2::parse(clinic->sent.back().bytes, issues);
    const auto found = message ? message->find(segment) : std::nullopt;
    return found ? std::string(found->field(number).raw()) : "none";
  }

  /// A message of the clinic, a minute later.
  Result<std::string> answer(const std::string& type, const std::string& segments) {
    pass(std::chrono::minutes(1));
    const auto at = to_string(now);
    std::string time;
    for (const char c : at.substr(0, 19)) {
      if (c >= '0' && c <= '9') time.push_back(c);
    }
    const auto bytes = "MSH|^~\\&|EHR|WILLOW|MERIDIAN|ALDER|" + time + "+0000||" + type + "|" +
                       time + "|P|2.5.1\r" + segments;
    last_answer = {SourceId("willow"), time, media_type, bytes, now};
    auto told = in->submit(last_answer);
    run();
    return told;
  }

  Envelope last_answer;

  std::string told_hospital() { return hospital->sent.empty() ? "" : hospital->sent.back().bytes; }
};

TEST(V2Clinic, GetsTheReferralAsARef) {
  Town town;
  ASSERT_EQ(town.state(), "delivered");
  EXPECT_EQ(town.field("MSH", 9), "REF^I12^REF_I12");
  EXPECT_NE(town.field("RF1", 6).find(town.only_referral().id.str()), std::string::npos);
  EXPECT_NE(town.field("PID", 5).find("Alder"), std::string::npos);
}

TEST(V2Clinic, ItsAnswersMoveTheReferralAndReachTheHospital) {
  Town town;
  const auto ours = town.field("RF1", 6);
  ASSERT_TRUE(town.answer("RRI^I12^RRI_I12", "MSA|AA|1\rRF1|A|R||||" + ours + "\r"));
  EXPECT_EQ(town.state(), "accepted");
  EXPECT_NE(town.told_hospital().find("accepted"), std::string::npos);
  ASSERT_TRUE(
      town.answer("SIU^S12^SIU_S12", "SCH|" + ours +
                                         "|A-1^WILLOW|||||||||^^^20261201100000+0000"
                                         "||||||||||||||Booked\rPID|1||7^^^WILLOW||Alder\r"));
  EXPECT_EQ(town.state(), "scheduled");
  ASSERT_TRUE(town.answer("MDM^T02^MDM_T02",
                          "PID|1||7^^^WILLOW||Alder\rTXA|1|CN|TX|20261215||||||||D-1^WILLOW||" +
                              ours + "|||AU\rOBX|1|TX|X^Note^L||Pain 7 to 3.\r"));
  EXPECT_EQ(town.state(), "closed");  // the note has reached the hospital
  EXPECT_EQ(town.told_hospital().substr(0, 4), "note");
}

/// Source: reference referral-standards section 4, rule 3.
TEST(V2Clinic, WhatIsIllegalWhereItStandsIsToldAndShownAndChangesNothing) {
  Town town;
  const auto ours = town.field("RF1", 6);
  const auto booked = "SCH|" + ours +
                      "|A-1^WILLOW|||||||||^^^20261201100000+0000||||||||||||||Booked\r"
                      "PID|1||7^^^WILLOW||Alder\r";
  const auto accepted = "MSA|AA|1\rRF1|A|R||||" + ours + "\r";
  ASSERT_TRUE(town.answer("OSU^O51^OSU_O51", "ORC|UA|" + ours + "\r"));
  ASSERT_EQ(town.state(), "declined");
  ASSERT_TRUE(town.answer("SIU^S12^SIU_S12", booked));
  ASSERT_EQ(town.state(), "scheduled") << "a clinic may think better of it";
  auto told = town.answer("RRI^I12^RRI_I12", accepted);
  EXPECT_EQ(told->find("business-rule"), std::string::npos) << "late, and no contradiction";
  ASSERT_TRUE(town.answer("MDM^T02^MDM_T02",
                          "PID|1||7^^^WILLOW||Alder\rTXA|1|CN|TX|20261215||||||||D-1^WILLOW||" +
                              ours + "|||AU\rOBX|1|TX|X^Note^L||Pain 7 to 3.\r"));
  ASSERT_EQ(town.state(), "closed");
  told = town.answer("SIU^S12^SIU_S12", booked);
  ASSERT_TRUE(told);
  EXPECT_NE(told->find("clinic_scheduled changes nothing: the referral is closed"),
            std::string::npos)
      << *told;
  EXPECT_NE(told->find(R"("severity":"error")"), std::string::npos);
  EXPECT_EQ(town.state(), "closed");
  // Sent again because the answer was lost, or because the sender waits for a yes.
  const auto again = town.in->submit(town.last_answer);
  ASSERT_TRUE(again);
  EXPECT_NE(again->find("clinic_scheduled changes nothing"), std::string::npos);
  EXPECT_EQ(again->find(R"("severity":"error")"), std::string::npos);
}

TEST(V2Clinic, DeclinesByOsu) {
  Town town;
  ASSERT_TRUE(town.answer("OSU^O51^OSU_O51", "ORC|UA|" + town.field("RF1", 6) + "\r"));
  EXPECT_EQ(town.state(), "declined");
}

TEST(V2Clinic, HearsOfACancelWithTheNumbersAndThePatientOfThePacket) {
  Town town;
  const auto ours = town.field("RF1", 6);
  const auto patient_number = town.field("PID", 3);
  ASSERT_TRUE(town.submit("ehr", "2", bundle({patient(), order("revoked", 2)})));
  town.run();
  EXPECT_EQ(town.state(), "cancel_asked");
  EXPECT_EQ(town.field("MSH", 9), "REF^I14^REF_I12");
  EXPECT_EQ(town.field("RF1", 6), ours);
  EXPECT_EQ(town.field("PID", 3), patient_number);
  ASSERT_TRUE(town.answer("RRI^I14^RRI_I12", "MSA|AA|1\rRF1|R|R||||" + ours + "\r"));
  EXPECT_EQ(town.state(), "cancelled");
}

TEST(V2Clinic, WordsOnAReferralThatWasNotOfferedToItChangeNothing) {
  Town town;
  ASSERT_TRUE(
      town.answer("RRI^I12^RRI_I12", "MSA|AA|1\rRF1|A|R||||01JNQX5K7V9W2M4R8T6Y0ZBCDE^MERIDIAN\r"));
  EXPECT_EQ(town.state(), "delivered");
}

}  // namespace
}  // namespace meridian::flow
