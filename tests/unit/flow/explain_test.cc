// SPDX-License-Identifier: Apache-2.0
// How a decision came about, in plain words.
#include "flow/explain.h"

#include <gtest/gtest.h>

#include "unit/flow/golden_text.h"
#include "unit/flow/reviewed.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

class Explained : public Reviewed {
 protected:
  Explained() {
    bench_.core->settings.content = "0123456789abcdef";
    bench_.core->settings.build = "test";
  }
  std::string told(bool patient_data) {
    const auto text = explain(*bench_.core, bench_.only_referral().id, patient_data);
    return text ? *text : std::string(text.error().what.view());
  }
  void minute() { bench_.pass(std::chrono::minutes(1)); }
  void sign(const std::string& fields) {
    const auto& letter = bench_.hospital->sent.back().bytes;
    const auto begin = letter.find("/sign-offs/");
    ASSERT_NE(begin, std::string::npos) << letter;
    test::ask(*bench_.desk, "POST", letter.substr(begin, letter.find(' ', begin) - begin), fields);
  }
};

/// Held for a bleeding disorder, signed off, declined by the first clinic, taken by the second.
TEST_F(Explained, FromAFhirHospitalToTheSecondClinic) {
  bench_.add_second_choice();
  record({back_pain(), condition("blood", "D66"), warfarin()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  minute();
  bench_.run();
  ASSERT_EQ(bench_.state(), "held");
  minute();
  sign("rule=AC04&by=Dr.+I.+Varga&role=haematologist&reason=factor+replaced");
  bench_.run();
  ASSERT_EQ(bench_.state(), "delivered");
  const auto id = bench_.only_referral().id.str();
  minute();
  ASSERT_TRUE(bench_.submit("willow", "2", bundle({task(id, "rejected", 2)})));
  minute();
  bench_.run();
  minute();
  ASSERT_TRUE(bench_.submit("birch", "3", bundle({task(id, "accepted", 2)})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "accepted");

  const auto support = told(false);
  test::expect_golden(support, "fhir-hospital/support.txt");
  test::expect_golden(told(true), "fhir-hospital/clinician.txt");
  for (const char* secret : {"Alder", "Patient/alder", "factor replaced", "2026-11-10"}) {
    EXPECT_FALSE(has(support, secret)) << secret;
  }
}

TEST_F(Explained, AnEmergencyThatAMessageBroughtSaysWhoWasAlertedAndWhoKnows) {
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), order(), cauda_equina()})));
  bench_.run();
  const auto alert = bench_.store->open_alerts()->front().id;
  ASSERT_TRUE(bench_.operations->acknowledge(alert, "Dr. Salo"));
  const auto text = told(false);
  EXPECT_TRUE(has(text, "Emergency: RF01, Cauda equina features.")) << text;
  EXPECT_TRUE(has(text, "before any record was read")) << text;
  EXPECT_TRUE(has(text, "Alerted: on call.")) << text;
  EXPECT_TRUE(has(text, "Dr. Salo acknowledged the alert.")) << text;
}

TEST_F(Explained, WhatCouldNotBeReadIsUnknownAndSaidSo) {
  bench_.history->completeness = Completeness::failed;
  record({back_pain()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  const auto text = told(false);
  EXPECT_TRUE(has(text, "Not read completely: order (failed)")) << text;
  EXPECT_TRUE(has(text, "unknown, not absent")) << text;
}

TEST_F(Explained, WhoIsNotFoundIsNotExplained) {
  const auto text = explain(*bench_.core, ReferralId("01NOSUCHREFERRAL"), false);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::not_found);
}

/// Whoever sees it with the patient's data is kept first.
TEST_F(Explained, WithPatientDataItIsAudited) {
  accept();
  const auto shown =
      bench_.operations->intervene({"reveal", "explanation/" + id_, "", "", true}, "Ada");
  ASSERT_TRUE(shown);
  EXPECT_TRUE(has(*shown, "Patient/alder")) << *shown;
  const auto entries = bench_.store->audit(1);
  EXPECT_EQ(entries->front().actor, "Ada");
  EXPECT_EQ(entries->front().object, "explanation/" + id_);
}

}  // namespace
}  // namespace meridian::flow
