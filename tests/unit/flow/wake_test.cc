// SPDX-License-Identifier: Apache-2.0
// What makes Meridian look at a referral again: messages, bursts of them, and the clock.
#include <gtest/gtest.h>

#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

TEST_F(Reviewed, APushedRecordIsLookedAtAtOnceAndABurstIsOneLook) {
  accept();
  record({back_pain(), fracture()});
  const auto asked = bench_.history->asked;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(bench_.submit("ehr", "push/" + std::to_string(i), bundle({fracture()})));
  }
  bench_.run();
  EXPECT_EQ(bench_.history->asked, asked + 1);
  EXPECT_EQ(worklist(), "decision-reopened");
}

TEST_F(Reviewed, AnyRecordOfThePatientAsksForALook) {
  accept();
  const std::vector<std::string> records = {
      patient(),
      fracture(),
      warfarin(),
      R"({"resourceType":"Procedure","id":"p","status":"completed","subject":{"reference":"Patient/alder"}})",
      R"({"resourceType":"DiagnosticReport","id":"d","status":"final","subject":{"reference":"Patient/alder"}})",
      R"({"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/alder"}})",
      R"({"resourceType":"MedicationStatement","id":"s","status":"active","subject":{"reference":"Patient/alder"}})",
      R"({"resourceType":"AllergyIntolerance","id":"a","patient":{"reference":"Patient/alder"}})",
      R"({"resourceType":"Coverage","id":"c","status":"active","beneficiary":{"reference":"Patient/alder"}})",
      R"({"resourceType":"Consent","id":"n","status":"active","patient":{"reference":"Patient/alder"}})",
      R"({"resourceType":"Encounter","id":"e","status":"finished","subject":{"reference":"Patient/alder"}})",
      R"({"resourceType":"QuestionnaireResponse","id":"q","status":"completed","subject":{"reference":"Patient/alder"}})"};
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto asked = bench_.history->asked;
    ASSERT_TRUE(bench_.submit("ehr", "push/" + std::to_string(i), bundle({records[i]})));
    bench_.run();
    EXPECT_EQ(bench_.history->asked, asked + 1) << records[i];
  }
  const auto asked = bench_.history->asked;
  auto other = fracture();
  other.replace(other.find("Patient/alder"), 13, "Patient/other");
  ASSERT_TRUE(bench_.submit("ehr", "push/other", bundle({other})));
  ASSERT_TRUE(bench_.submit("willow", "push/clinic", bundle({fracture()})));
  bench_.run();
  EXPECT_EQ(bench_.history->asked, asked) << "another patient's, or from a clinic";
}

TEST_F(Reviewed, AnEmergencyInAPushedRecordIsAlertedInItsOwnCommit) {
  accept();
  ASSERT_TRUE(bench_.submit("ehr", "push", bundle({cauda_equina()})));
  EXPECT_EQ(bench_.state(), "emergency");
  bench_.run();
  EXPECT_TRUE(has(last_to_clinic(), "do not treat"));
}

TEST_F(Reviewed, AnOlderVersionOfAnAnswerThatComesLateAlarmsNobody) {
  accept();
  const auto saddle = [&](int version, bool value) {
    return R"({"resourceType":"QuestionnaireResponse","id":"late","meta":{"versionId":")" +
           std::to_string(version) + R"("},"status":"amended",
      "subject":{"reference":"Patient/alder"},"authored":")" +
           to_string(bench_.now) + R"(","item":[{"linkId":"rf01.saddle",
      "answer":[{"valueBoolean":)" +
           (value ? "true" : "false") + "}]}]}";
  };
  ASSERT_TRUE(bench_.submit("ehr", "late/2", bundle({saddle(2, false)})));
  bench_.run();
  ASSERT_TRUE(bench_.submit("ehr", "late/1", bundle({saddle(1, true)})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "accepted");
  EXPECT_EQ(worklist(), "awaiting-booking");
  EXPECT_TRUE(bench_.first_pager->sent.empty());
  ASSERT_TRUE(bench_.submit("ehr", "late/3", bundle({saddle(3, true)})));
  EXPECT_EQ(bench_.state(), "emergency");
}

TEST_F(Reviewed, IsLookedAtShortlyBeforeABookedVisit) {
  accept();
  const auto visit = R"({"resourceType":"Appointment","id":"v","status":"booked",
    "start":"2026-11-20T20:00:00Z","participant":[{"actor":{"reference":"Patient/9"}}]})";
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "in-progress", 3, "5.1.1"), visit})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "scheduled");
  record({back_pain(), fracture()});
  bench_.pass(hours(5));
  bench_.run();
  EXPECT_EQ(worklist(), "awaiting-visit");
  bench_.pass(hours(1));
  bench_.run();
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_EQ(bench_.state(), "scheduled");
}

}  // namespace
}  // namespace meridian::flow
