// SPDX-License-Identifier: Apache-2.0
// CMS NCD 30.3.3, clause by clause, and payers we know nothing of.
#include "pathway/coverage.h"

#include <gtest/gtest.h>

#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::coverage;
using test::date;
using test::icd;
using test::snomed;

constexpr const char* ncd = "CMS_NCD_30_3_3";

/// A man of 66 with Medicare and low back pain for a year.
ChartBuilder medicare() {
  auto builder = test::plain_acupuncture_order();
  builder.patient().gender = "male";
  builder.patient().birth_date = Sensitive(date("1960-01-01"));
  builder.coverage("Medicare Part B");
  return builder;
}

std::string status_of(const ChartBuilder& builder, const char* rule = ncd) {
  const auto assessment = test::assess_cleared(builder.chart());
  const auto* found = coverage(assessment, rule);
  return found == nullptr ? "none" : found->status;
}

TEST(Coverage, ChronicNonspecificLowBackPainIsCovered) {
  const auto builder = medicare();
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(status_of(builder), "covered");
  EXPECT_EQ(assessment.coverage.front().program, ncd);
  EXPECT_EQ(assessment.coverage.front().evidence, std::vector<std::string>{"Coverage/1"});
  for (const char* clause : {"C1", "C2", "C3", "C4", "C5"}) {
    EXPECT_EQ(status_of(builder, clause), "covered") << clause;
  }
}

TEST(Coverage, C1NeedsADiagnosisOfTheList) {
  auto builder = medicare();
  builder.records().conditions[0].code = icd("M54.9");
  builder.records().service_requests[0].reason_codes = {icd("M54.9")};
  EXPECT_EQ(status_of(builder, "C1"), "uncertain");
  EXPECT_EQ(status_of(builder), "uncertain");
}

TEST(Coverage, C1FailsForPainElsewhere) {
  auto builder = medicare();
  builder.records().conditions[0].code = snomed("279038004");
  builder.records().service_requests[0].reason_codes = {snomed("279038004")};
  EXPECT_EQ(status_of(builder, "C1"), "not_covered");
}

TEST(Coverage, C2CountsTwelveWeeksFromTheStatedOnset) {
  for (const auto& [onset, status] : {std::pair{"2026-08-27", "covered"},
                                      {"2026-08-29", "not_covered"},
                                      {"2026-08", "uncertain"},
                                      {"2026-07", "covered"},
                                      {"2026", "uncertain"}}) {
    auto builder = medicare();
    builder.records().conditions[0].onset = date(onset);
    EXPECT_EQ(status_of(builder, "C2"), status) << onset;
  }
}

TEST(Coverage, C2AsksForAnOnsetThatIsNotStatedAndNeverTakesARecordingDate) {
  auto builder = medicare();
  builder.records().conditions[0].onset = {};
  builder.records().conditions[0].recorded = date("2020-01-01");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(coverage(assessment, "C2")->status, "uncertain");
  ASSERT_NE(test::missing(assessment, "episode.onset"), nullptr);
  EXPECT_FALSE(test::missing(assessment, "episode.onset")->blocks_acupuncture);
}

TEST(Coverage, C2AsksWhenTheOrderDoesNotNameTheOldProblem) {
  auto builder = medicare();
  builder.records().service_requests[0].reason_references.clear();
  EXPECT_EQ(status_of(builder, "C2"), "uncertain") << "a year between them: another episode";
}

TEST(Coverage, C3FailsWithASystemicCause) {
  for (const char* code : {"C79.51", "M46.46", "M45.6", "S32.010A"}) {
    auto builder = medicare();
    builder.condition(icd(code), "2026-10-15");
    EXPECT_EQ(status_of(builder, "C3"), "not_covered") << code;
    EXPECT_EQ(status_of(builder), "not_covered") << code;
  }
}

TEST(Coverage, C3IsOpenWithASequelaOrAPastCause) {
  auto sequela = medicare();
  sequela.condition(icd("S32.010S"), "2015-01-01");
  EXPECT_EQ(status_of(sequela), "uncertain");
  auto past = medicare();
  past.condition(icd("M46.46"), "2010-01-01").clinical_status = "resolved";
  EXPECT_EQ(status_of(past), "uncertain");
}

TEST(Coverage, C3IsOpenWithAStatedSpinalCause) {
  for (const char* code : {"M51.16", "M54.16", "M48.061", "M43.16"}) {
    auto builder = medicare();
    builder.condition(icd(code), "2026-01-01");
    EXPECT_EQ(status_of(builder), "uncertain") << code;
  }
}

TEST(Coverage, C4IsOpenWithAnySpineOperationOnRecord) {
  auto builder = medicare();
  builder.procedure(test::cpt("22612"), "2009-01-01");
  EXPECT_EQ(status_of(builder, "C4"), "uncertain");
  EXPECT_EQ(status_of(builder), "uncertain");
}

TEST(Coverage, C5IsOpenOrFailsWithPregnancy) {
  auto pregnant = medicare();
  pregnant.patient().gender = "female";
  pregnant.condition(icd("Z33.1"), "2026-09-01");
  EXPECT_EQ(status_of(pregnant, "C5"), "uncertain");
}

TEST(Coverage, AbsenceIsOnlyConcludedFromACompleteHistory) {
  const auto builder = medicare();
  for (const char* kind : {"conditions", "procedures"}) {
    const auto assessment =
        test::assess_one(builder.chart(), test::history_with(kind, Completeness::partial),
                         test::all_no(test::rules()), test::now());
    EXPECT_EQ(coverage(assessment, ncd)->status, "uncertain") << kind;
  }
}

TEST(Coverage, VisitsAreCountedByDay) {
  auto builder = medicare();
  for (int day = 1; day <= 11; ++day) {
    const auto performed = "2026-10-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    builder.procedure(test::cpt("97810"), performed);
    builder.procedure(test::cpt("97811"), performed);
  }
  EXPECT_EQ(status_of(builder), "covered") << "eleven days, whatever was billed on them";
  builder.procedure(test::cpt("97810"), "2026-10-12");
  EXPECT_EQ(status_of(builder), "uncertain") << "more than twelve need documented improvement";
}

TEST(Coverage, NeverChangesTheLane) {
  auto builder = medicare();
  builder.records().conditions[0].onset = date("2026-11-01");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(coverage(assessment, ncd)->status, "not_covered");
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
}

TEST(Coverage, APayerWithoutRulesIsUnknown) {
  auto builder = test::plain_acupuncture_order();
  builder.coverage("Aetna Choice POS II");
  EXPECT_EQ(status_of(builder, "COMMERCIAL_GENERIC"), "unknown");
  auto stranger = test::plain_acupuncture_order();
  stranger.coverage("Village Mutual");
  EXPECT_EQ(status_of(stranger, "coverage"), "unknown");
}

TEST(Coverage, NoneOnRecordIsUnknownNotUncovered) {
  const auto builder = test::plain_acupuncture_order();
  EXPECT_EQ(status_of(builder, "coverage"), "unknown");
}

TEST(Coverage, AnEndedOneDoesNotCount) {
  auto builder = medicare();
  builder.records().coverages[0].period.end = date("2026-01-01");
  EXPECT_EQ(status_of(builder), "none");
}

}  // namespace
}  // namespace meridian
