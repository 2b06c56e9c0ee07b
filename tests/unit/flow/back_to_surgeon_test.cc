// SPDX-License-Identifier: Apache-2.0
// A clinic sends a patient to the surgeon, and whose record it is there.
#include <gtest/gtest.h>

#include "unit/flow/bench.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The clinic's own record of Mr. Alder; `more` are members.
std::string there(const std::string& more = "") {
  return R"({"resourceType":"Patient","id":"p7","gender":"male","birthDate":"1974-03-02")" + more +
         R"(,"name":[{"family":"Alder","given":["Tom"]}]})";
}

/// The clinic's order for a spine surgeon.
std::string to_surgeon() {
  return R"({"resourceType":"ServiceRequest","id":"back","status":"active","intent":"order",
    "subject":{"reference":"Patient/p7"},"code":{"coding":[{"system":"http://snomed.info/sct",
    "code":"770695002"}]}})";
}

std::string with(std::string resource, const std::string& more) {
  return resource.insert(resource.rfind('}'), more);
}

class BackToSurgeon : public testing::Test {
 protected:
  BackToSurgeon() { bench_.let_willow_order(); }

  void send(const std::vector<std::string>& records) {
    bench_.clinic_history->facts = bundle(records);
    ASSERT_TRUE(bench_.submit("willow", "back/1", bundle(records)));
    bench_.run();
  }
  const std::string& at_hospital() { return bench_.hospital->sent.back().bytes; }
  std::string page() {
    const auto& letter = at_hospital();
    const auto begin = letter.find("/patients/");
    return begin == std::string::npos ? "" : letter.substr(begin, letter.find(' ', begin) - begin);
  }
  http::Response post(const std::string& path, const std::string& body) {
    return test::ask(*bench_.desk, "POST", path, body);
  }

  Bench bench_;
};

TEST_F(BackToSurgeon, GoesAtOnceAlsoWhenNothingWasAsked) {
  send({there(), to_surgeon()});
  EXPECT_EQ(bench_.state(), "delivered");
  EXPECT_EQ(bench_.only_referral().direction, "to_surgeon");
  EXPECT_EQ(bench_.only_referral().destination.str(), "ehr");
  ASSERT_EQ(bench_.hospital->sent.size(), 1u);
  EXPECT_TRUE(has(at_hospital(), "patient there: unknown")) << at_hospital();
  EXPECT_TRUE(has(bench_.only_referral().assessment, "rf01.saddle"))
      << "what was not asked is said";
}

TEST_F(BackToSurgeon, TheHospitalsAnswerIsInTheClinicsRecord) {
  send({there(), to_surgeon()});
  const auto id = bench_.only_referral().id.str();
  ASSERT_TRUE(bench_.submit("ehr", "t/2", bundle({task(id, "accepted", 2)})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "accepted");
  EXPECT_TRUE(has(bench_.clinic->sent.back().bytes, "status accepted accepted"));
}

TEST_F(BackToSurgeon, TheOriginsOwnTaskIsNoAnswer) {
  send({there(), to_surgeon()});
  const auto id = bench_.only_referral().id.str();
  ASSERT_TRUE(bench_.submit("willow", "t/2", bundle({task(id, "accepted", 2)})));
  EXPECT_EQ(bench_.state(), "delivered");
}

TEST_F(BackToSurgeon, AnOrderForWhatThePeerDoesItselfIsItsOwnBusiness) {
  auto own = to_surgeon();
  ASSERT_TRUE(bench_.submit("ehr", "own/1", bundle({there(), own})));
  ASSERT_TRUE(bench_.submit("willow", "own/2", bundle({patient(), order()})));
  EXPECT_EQ(bench_.store->referrals(10)->size(), 0u);
}

TEST_F(BackToSurgeon, AnEmergencyAlertsAndIsNotSent) {
  auto cauda = cauda_equina();
  cauda.replace(cauda.find("Patient/alder"), 13, "Patient/p7");
  send({there(), to_surgeon(), cauda});
  EXPECT_EQ(bench_.state(), "emergency");
  EXPECT_EQ(bench_.first_pager->sent.size(), 1u);
  EXPECT_TRUE(bench_.hospital->sent.empty());
}

TEST_F(BackToSurgeon, ARepeatIsSentForItMayBeTheUrgentOne) {
  send({there(), to_surgeon()});
  auto again = to_surgeon();
  again.replace(again.find("\"back\""), 6, "\"more\"");
  bench_.clinic_history->facts = bundle({there(), to_surgeon(), again});
  ASSERT_TRUE(bench_.submit("willow", "more/1", bundle({there(), again})));
  bench_.run();
  EXPECT_EQ(bench_.hospital->sent.size(), 2u);
  EXPECT_NE(bench_.clinic->sent.back().bytes.find("It repeats ServiceRequest/back"),
            std::string::npos)
      << "whoever ordered is told: " << bench_.clinic->sent.back().bytes;
}

/// A referral of the hospital's that willow has; its id.
std::string earlier(Bench& bench) {
  EXPECT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.run();
  return bench.only_referral().id.str();
}

/// The newest letter with a packet.
std::string packet(const Bench& bench) {
  for (auto sent = bench.hospital->sent.rbegin(); sent != bench.hospital->sent.rend(); ++sent) {
    if (sent->bytes.starts_with("referral")) return sent->bytes;
  }
  return {};
}

TEST_F(BackToSurgeon, AnOrderBasedOnAReferralFromThereKnowsThePatient) {
  const auto id = earlier(bench_);
  const auto copy =
      R"({"resourceType":"ServiceRequest","id":"copy","status":"active","intent":"order",
    "subject":{"reference":"Patient/p7"},"identifier":[{
    "system":"http://meridian-referral.org/fhir/identifier/referral","value":")" +
      id + R"("}]})";
  send({there(), with(to_surgeon(), R"(,"basedOn":[{"reference":"ServiceRequest/copy"}])"), copy});
  EXPECT_TRUE(has(packet(bench_), "patient there: Patient/alder")) << packet(bench_);
}

TEST_F(BackToSurgeon, AReferralAboutSomebodyElseLinksNobody) {
  const auto id = earlier(bench_);
  const auto copy =
      R"({"resourceType":"ServiceRequest","id":"copy","status":"active","intent":"order",
    "subject":{"reference":"Patient/p8"},"identifier":[{
    "system":"http://meridian-referral.org/fhir/identifier/referral","value":")" +
      id + R"("}]})";
  send({there(), with(to_surgeon(), R"(,"basedOn":[{"reference":"ServiceRequest/copy"}])"), copy});
  EXPECT_TRUE(has(packet(bench_), "patient there: unknown")) << packet(bench_);
}

TEST_F(BackToSurgeon, TheRecordThatWeMadeThereKnowsThePatient) {
  const auto id = earlier(bench_);
  const auto known = there(R"(,"identifier":[{
    "system":"http://meridian-referral.org/fhir/identifier/copy","value":")" +
                           id + R"(/Patient/alder"}])");
  send({known, to_surgeon()});
  EXPECT_TRUE(has(packet(bench_), "patient there: Patient/alder")) << packet(bench_);
}

TEST_F(BackToSurgeon, ANamedPersonLinksThePatientAndTakesItBack) {
  send({there(), to_surgeon()});
  const auto link = page();
  ASSERT_FALSE(link.empty()) << at_hospital();
  EXPECT_EQ(post(link, "patient=Patient%2Falder").status, 422) << "somebody must be named";
  EXPECT_TRUE(has(post(link, "patient=Patient%2Falder&by=M.+Ruiz").body, "Linked to"));
  EXPECT_EQ(bench_.history->last.birth_date.reveal().text, "1974-03-02")
      << "what the clinic says of the patient was compared";
  bench_.run();
  EXPECT_TRUE(at_hospital().starts_with("linked")) << at_hospital();
  EXPECT_TRUE(has(at_hospital(), "patient there: Patient/alder"));
  EXPECT_EQ(bench_.state(), "delivered");

  EXPECT_TRUE(has(post(link, "take-back=yes&by=M.+Ruiz").body, "Id of the patient"));
  bench_.run();
  EXPECT_TRUE(has(at_hospital(), "patient there: unknown"));
}

TEST_F(BackToSurgeon, AContradictingRecordIsRefused) {
  send({there(), to_surgeon()});
  bench_.history->doubted = "contradiction";
  const auto refused = post(page(), "patient=Patient%2Falder&by=M.+Ruiz");
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(has(refused.body, "birth date or sex"));
  bench_.run();
  EXPECT_FALSE(has(at_hospital(), "linked"));
}

TEST(WrongPatient, IsHeldUntilANamedPersonSaysWhoIsMeant) {
  Bench bench;
  bench.history->patient_resolved = false;
  bench.history->doubted = "contradiction";
  auto said = order();
  said.insert(1, R"("contained":[{"resourceType":"Patient","id":"c","birthDate":"1981-09-30",
    "gender":"male"}],"supportingInfo":[{"reference":"#c"}],)");
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), said})));
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  EXPECT_EQ(bench.only_referral().worklist, "patient-match");
  EXPECT_EQ(bench.history->last.birth_date.reveal().text, "1981-09-30");
  EXPECT_TRUE(has(bench.hospital->sent.back().bytes, "birth date or sex in the order"));

  const auto& letter = bench.hospital->sent.back().bytes;
  const auto begin = letter.find("/patients/");
  ASSERT_NE(begin, std::string::npos) << letter;
  const auto link = letter.substr(begin, letter.find(' ', begin) - begin);
  auto other = patient();
  other.replace(other.find("\"alder\""), 7, "\"aldous\"");
  auto pain = back_pain();
  pain.replace(pain.find("Patient/alder"), 13, "Patient/aldous");
  auto screen = answers(bench.now);
  screen.replace(screen.find("Patient/alder"), 13, "Patient/aldous");
  bench.history->facts = bundle({other, pain, said, screen});
  bench.history->doubted = "";
  ASSERT_EQ(test::ask(*bench.desk, "POST", link, "patient=aldous&by=M.+Ruiz").status, 200);
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.only_referral().patient_ref, "Patient/aldous");
  EXPECT_TRUE(bench.history->last.confirmed);
}

TEST(WrongPatient, OnlyAPageOfOursMaySayWhoIsMeant) {
  Bench bench;
  bench.history->patient_resolved = false;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.run();
  const auto forged =
      R"({"resourceType":"QuestionnaireResponse","id":"patient-link-x","status":"completed",
    "questionnaire":"http://meridian-referral.org/fhir/Questionnaire/patient-link",
    "basedOn":[{"reference":"ServiceRequest/order"}],"subject":{"reference":"Patient/alder"},
    "item":[{"linkId":"at","answer":[{"valueString":"ehr"}]},
            {"linkId":"patient","answer":[{"valueString":"Patient/mallory"}]}]})";
  ASSERT_TRUE(bench.submit("ehr", "patient-link-x", bundle({forged})));
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  EXPECT_EQ(bench.only_referral().patient_ref, "Patient/alder");
}

}  // namespace
}  // namespace meridian::flow
