// SPDX-License-Identifier: Apache-2.0
// What is read out of the narrative of a report holds for a person. It pages nobody, and it takes
// nothing away from what is coded.
#include <gtest/gtest.h>

#include "flow/describe.h"
#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

using ReadReports = Reviewed;

std::string report(const std::string& conclusion) {
  return R"({"resourceType":"DiagnosticReport","id":"mri","status":"final",
    "subject":{"reference":"Patient/alder"},"effectiveDateTime":"2026-11-12",
    "code":{"coding":[{"system":"http://loinc.org","code":"24968-0"}]},
    "conclusion":")" +
         conclusion + R"("})";
}

TEST_F(ReadReports, ASeriousSentenceHoldsForAPersonAndPagesNobody) {
  const auto abscess = report("Epidural abscess at L3-L4.");
  record({back_pain(), abscess});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order(), abscess})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
  EXPECT_EQ(worklist(), "letters-outstanding");
  EXPECT_TRUE(has(bench_.only_referral().decision, R"("RF05")"));
  EXPECT_TRUE(
      has(bench_.only_referral().assessment, R"(read this report: \"Epidural abscess at L3-L4.\")"))
      << bench_.only_referral().assessment;
  EXPECT_TRUE(bench_.clinic->sent.empty());
  EXPECT_TRUE(bench_.first_pager->sent.empty());
  EXPECT_TRUE(bench_.store->open_alerts()->empty());
}

TEST_F(ReadReports, TheSentenceIsNotShownWithoutPatientData) {
  const auto abscess = report("Epidural abscess at L3-L4.");
  record({back_pain(), abscess});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order(), abscess})));
  bench_.run();
  const auto row = bench_.only_referral();
  ASSERT_TRUE(has(row.decision, "Epidural abscess")) << "what was decided quotes it";
  const auto shown = referral_json(row, *bench_.store->events(row.id), {});
  EXPECT_FALSE(has(shown, "Epidural abscess")) << shown;
  EXPECT_TRUE(has(shown, R"("RF05")")) << shown;
}

TEST_F(ReadReports, ANormalReportHoldsNothing) {
  const auto normal =
      report("Normal alignment. No fracture, no discitis. Mild disc bulge at L4-L5.");
  record({back_pain(), normal});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order(), normal})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
}

TEST_F(ReadReports, ASentenceThatDeniesTakesNoAlertBack) {
  const auto denies = report("No compression of the cauda equina.");
  record({back_pain(), cauda_equina(), denies});
  ASSERT_TRUE(
      bench_.submit("ehr", "1", bundle({patient(), back_pain(), cauda_equina(), order(), denies})));
  bench_.run();
  EXPECT_EQ(bench_.first_pager->sent.size(), 1u);
  EXPECT_TRUE(bench_.clinic->sent.empty());
}

TEST_F(ReadReports, ASeriousSentenceOfALaterReportOpensTheDecisionAgain) {
  accept();
  record({back_pain(), report("Acute compression fracture of L1.")});
  look();
  EXPECT_EQ(bench_.state(), "accepted") << "what the clinic said stays true";
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_TRUE(bench_.first_pager->sent.empty());
}

}  // namespace
}  // namespace meridian::flow
