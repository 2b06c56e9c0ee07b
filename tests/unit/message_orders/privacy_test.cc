// SPDX-License-Identifier: Apache-2.0
// Numbers that say who the patient is stay where the field profile has them, also for a hospital of
// which nothing but HL7 v2 messages is known.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "flow/sign_off.h"
#include "hl7v2/write/writer.h"
#include "unit/message_orders/hospital.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

constexpr const char* record_number = "40023";
constexpr const char* visit_number = "V-88017";

/// The text, and behind it what its attachments decode to.
std::string with_attachments(const std::string& text) {
  constexpr std::string_view member = R"("data":")";
  auto all = text;
  for (auto at = text.find(member); at != std::string::npos; at = text.find(member, at)) {
    at += member.size();
    const auto decoded = decode_base64(text.substr(at, text.find('"', at) - at));
    EXPECT_TRUE(decoded);
    if (decoded) all += *decoded;
  }
  return all;
}

class Privacy : public testing::Test {
 protected:
  /// Its clinic may not have `element`s of a Patient; it is sent the referral.
  void refer(const std::vector<std::string>& allowed) {
    clinic().profile.allowed.at("Patient") = allowed;
    ASSERT_TRUE(bench_.hear(
        "I-1", referral(no_to_all() + "PV1|1|O|||||||||||||||||" + visit_number + "\r")));
    bench_.run();
    const auto ticket = current_sign_off(bench_.row());
    ASSERT_TRUE(ticket) << bench_.row().decision;
    test::ask(*bench_.desk, "POST", bench_.core->sign_off_link(*ticket),
              "rule=history.not-available&by=Dr.+I.+Varga&role=surgeon&reason=all+asked");
    bench_.run();
    ASSERT_EQ(bench_.state(), "delivered") << bench_.row().decision;
  }

  Peer& clinic() {
    for (auto& peer : bench_.peers.list) {
      if (peer->id == "willow") return *peer;
    }
    throw std::runtime_error("no clinic");
  }

  bool sent(const std::string& words) const {
    return with_attachments(bench_.packet()).find(words) != std::string::npos;
  }

  MessageHospital bench_{MessageHospital::Record::none};
};

const std::vector<std::string> without_number = {"name", "gender", "birthDate"};
const std::vector<std::string> with_number = {"identifier", "name", "gender", "birthDate"};

TEST_F(Privacy, ADeniedRecordNumberIsNowhereInTheFhirPacket) {
  refer(without_number);
  EXPECT_TRUE(sent("ABARA"));
  EXPECT_TRUE(sent("RF-700")) << "the clinic answers with the order's number";
  EXPECT_FALSE(sent(record_number)) << bench_.packet();
  EXPECT_FALSE(sent(visit_number)) << bench_.packet();
}

TEST_F(Privacy, AnAllowedOneIsThereAsAnIdentifierAlone) {
  refer(with_number);
  EXPECT_TRUE(sent(R"("value":"40023")"));
  EXPECT_FALSE(sent("STLUKE.40023"));
  EXPECT_FALSE(sent(visit_number)) << bench_.packet();
}

TEST_F(Privacy, ADeniedRecordNumberIsNowhereInTheRef) {
  clinic().renderer = std::make_unique<hl7v2::Hl7v2Renderer>(*hl7v2::find_write_dialect("v2"),
                                                             bench_.knowledge.terminology);
  refer(without_number);
  EXPECT_TRUE(sent("REF^I12"));
  EXPECT_TRUE(sent("ABARA"));
  EXPECT_TRUE(sent("RF-700"));
  EXPECT_FALSE(sent(record_number)) << bench_.packet();
  EXPECT_FALSE(sent(visit_number)) << bench_.packet();
}

TEST_F(Privacy, NeitherIsReadableInTheDatabase) {
  refer(with_number);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(bench_.folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find(record_number), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find(visit_number), std::string::npos) << entry.path();
    files += bytes.empty() ? 0 : 1;
  }
  EXPECT_GE(files, 1u);
}

TEST_F(Privacy, LaterMessagesAreAboutTheSamePatient) {
  ASSERT_TRUE(bench_.hear("I-1", referral(no_to_all({"rf01.saddle"}))));
  bench_.run();
  EXPECT_NE(bench_.row().decision.find("rf01.saddle"), std::string::npos);
  ASSERT_TRUE(bench_.hear(
      "U-1", msh("ORU^R01", "U-1") + pid() + "OBR|1|||SCREEN^Screening^L\r" + no_to_all()));
  bench_.run();
  EXPECT_EQ(bench_.row().decision.find("rf01.saddle"), std::string::npos);
}

}  // namespace
}  // namespace meridian::flow
