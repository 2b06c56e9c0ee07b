// SPDX-License-Identifier: Apache-2.0
// RF01 to RF20 of the loaded content: for each what fires it and what nearly does.
#include "pathway/red_flags.h"

#include <gtest/gtest.h>

#include "pathway/charts.h"
#include "pathway/emergency.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::cpt;
using test::date;
using test::flag;
using test::icd;
using test::snomed;

/// What one coded condition beside low back pain does.
struct CodedCase {
  const char* rule;
  Concept code;
  const char* onset;           ///< inside the window
  const char* severity;        ///< with every question answered no
  const char* outside;         ///< a date outside the window; empty when there is none
  const char* severity_out;    ///< what it is then; "none" when nothing
  const char* severity_ended;  ///< when resolved
};

std::ostream& operator<<(std::ostream& out, const CodedCase& coded) {
  return out << coded.rule << ' ' << coded.code.codings[0].code;
}

std::string severity_of(const Assessment& assessment, const char* rule) {
  const auto* found = flag(assessment, rule);
  return found == nullptr ? "none" : found->severity;
}

class CodedFlag : public testing::TestWithParam<CodedCase> {
 protected:
  std::string judge(const char* onset, void (*change)(Condition&)) const {
    auto builder = test::plain_acupuncture_order();
    change(builder.condition(GetParam().code, onset));
    return severity_of(test::assess_cleared(builder.chart()), GetParam().rule);
  }
};

TEST_P(CodedFlag, FiresInsideItsWindow) {
  EXPECT_EQ(judge(GetParam().onset, [](Condition&) {}), GetParam().severity);
}

TEST_P(CodedFlag, ChangesOutsideItsWindow) {
  const bool always = std::string_view(GetParam().outside).empty();
  const char* expected = always ? GetParam().severity : GetParam().severity_out;
  EXPECT_EQ(judge(always ? "1990-01-01" : GetParam().outside, [](Condition&) {}), expected);
}

TEST_P(CodedFlag, IsWeakerOnceResolved) {
  EXPECT_EQ(judge(GetParam().onset,
                  [](Condition& condition) {
                    condition.clinical_status = "resolved";
                    condition.abatement = date("2026-11-19");
                  }),
            GetParam().severity_ended);
}

TEST_P(CodedFlag, NeverCountsWhenRefuted) {
  EXPECT_EQ(judge(GetParam().onset,
                  [](Condition& condition) { condition.verification_status = "refuted"; }),
            "none");
}

TEST_P(CodedFlag, NeverCountsWhenEnteredInError) {
  EXPECT_EQ(judge(GetParam().onset,
                  [](Condition& condition) { condition.verification_status = "entered-in-error"; }),
            "none");
}

TEST_P(CodedFlag, NeverCountsForTheMother) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(GetParam().code, GetParam().onset).subject = test::to("RelatedPerson/mother");
  RecordSet records = builder.records();
  records.patients = {builder.patient()};
  const auto split = split_charts(std::move(records));
  ASSERT_EQ(split.charts.size(), 1u);
  EXPECT_EQ(severity_of(test::assess_cleared(split.charts[0]), GetParam().rule), "none");
}

TEST_P(CodedFlag, NamesItsRecordAndSource) {
  auto builder = test::plain_acupuncture_order();
  const auto ref = builder.condition(GetParam().code, GetParam().onset).ref;
  const auto assessment = test::assess_cleared(builder.chart());
  const auto* found = flag(assessment, GetParam().rule);
  ASSERT_NE(found, nullptr);
  EXPECT_NE(std::find(found->evidence.begin(), found->evidence.end(), ref), found->evidence.end());
  EXPECT_TRUE(test::rules().sources.contains(found->source)) << found->source;
  EXPECT_FALSE(found->action.empty());
}

INSTANTIATE_TEST_SUITE_P(
    EachRule, CodedFlag,
    testing::ValuesIn(std::vector<CodedCase>{
        CodedCase{"RF01", icd("G83.4"), "2026-11-19", "emergency", "2026-10-01", "modifier",
                  "none"},
        CodedCase{"RF01", snomed("449813001"), "2026-11-19", "emergency", "2019-01-01", "modifier",
                  "none"},
        CodedCase{"RF02", icd("M21.371"), "2026-10-01", "urgent", "2026-08-01", "modifier", "none"},
        CodedCase{"RF02", snomed("23042008"), "2026-10-01", "emergency", "2026-08-01", "modifier",
                  "none"},
        CodedCase{"RF03", icd("M47.16"), "2019-01-01", "urgent", "", "", "none"},
        CodedCase{"RF04", icd("C79.51"), "2019-01-01", "urgent", "", "", "none"},
        CodedCase{"RF04", icd("C50.911"), "2019-01-01", "hold", "", "", "none"},
        CodedCase{"RF04", icd("Z85.3"), "2009-01-01", "hold", "", "", "hold"},
        CodedCase{"RF05", icd("M46.46"), "2026-06-01", "emergency", "2025-01-01", "none", "none"},
        CodedCase{"RF05", icd("R50.9"), "2026-11-18", "urgent", "2026-10-18", "none", "none"},
        CodedCase{"RF06", snomed("228388006"), "2026-06-01", "hold", "2025-01-01", "none", "none"},
        CodedCase{"RF07", icd("S32.010A"), "2026-10-01", "urgent", "2026-01-01", "none", "none"},
        CodedCase{"RF08", icd("M81.0"), "2009-01-01", "modifier", "", "", "modifier"},
        CodedCase{"RF09", icd("Z79.52"), "2009-01-01", "modifier", "", "", "none"},
        CodedCase{"RF10", icd("Z94.0"), "2009-01-01", "modifier", "", "", "modifier"},
        CodedCase{"RF12", icd("R63.4"), "2026-06-01", "urgent", "2025-01-01", "none", "none"},
        CodedCase{"RF14", icd("M45.6"), "2019-01-01", "routine", "", "", "none"},
        CodedCase{"RF15", icd("I71.30"), "2026-11-18", "emergency", "2026-10-18", "urgent", "none"},
        CodedCase{"RF15", icd("I71.43"), "2019-01-01", "urgent", "", "", "none"},
        CodedCase{"RF16", snomed("450379002"), "2026-11-18", "emergency", "2026-10-18", "hold",
                  "none"},
        CodedCase{"RF18", icd("O46.8X1"), "2026-11-18", "emergency", "2026-10-18", "none", "none"},
        CodedCase{"RF19", icd("M48.062"), "2019-01-01", "routine", "", "", "none"}}));

TEST(RedFlags, AnOldFractureSequelaIsNoFlag) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("S32.010S"), "2026-10-01");
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF07"), "none");
}

TEST(RedFlags, CodesOfFamilyHistoryAreNoFlag) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("Z80.3"), "2026-10-01");
  builder.condition(icd("Z82.62"), "2026-10-01");
  EXPECT_TRUE(test::assess_cleared(builder.chart()).flags.empty());
}

TEST(RedFlags, TwoNewSymptomsWithBackPainAreAnEmergencyAndOneAsks) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("R32"), "2026-11-15");
  EXPECT_EQ(
      severity_of(test::assess_one(builder.chart(), test::complete_history(), {}, test::now()),
                  "RF01"),
      "hold");
  builder.condition(icd("R15.9"), "2026-11-16");
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF01"), "emergency");
}

TEST(RedFlags, AnAnswerOfYesIsAnEmergencyForEachCaudaEquinaFeature) {
  for (const char* question :
       {"rf01.bladder", "rf01.bowel", "rf01.saddle", "rf01.sexual", "rf01.bilateral-leg"}) {
    const auto builder = test::plain_acupuncture_order();
    const auto answers = test::all_no_but(test::rules(), test::answer(question, "yes"));
    const auto assessment =
        test::assess_one(builder.chart(), test::complete_history(), answers, test::now());
    EXPECT_EQ(severity_of(assessment, "RF01"), "emergency") << question;
    EXPECT_EQ(assessment.disposition, Disposition::emergency) << question;
  }
}

TEST(RedFlags, FeverWithImmunosuppressionIsAnEmergency) {
  auto builder = test::plain_acupuncture_order();
  builder.measure(test::loinc("8310-5"), "38.4", "Cel", "2026-11-19");
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF05"), "urgent");
  builder.condition(icd("Z94.0"), "2015-01-01");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(severity_of(assessment, "RF05"), "emergency");
  EXPECT_EQ(flag(assessment, "RF05")->evidence,
            (std::vector<std::string>{"Condition/2", "Observation/1"}));
}

TEST(RedFlags, SteroidSupplyOfNinetyDaysIsAModifier) {
  auto builder = test::plain_acupuncture_order();
  builder.medication(test::rxnorm("8640"), "2026-06-01").days_supply = 45;
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF09"), "none");
  builder.medication(test::rxnorm("8640"), "2026-07-16").days_supply = 45;
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF09"), "modifier");
}

TEST(RedFlags, ATraumaCountsMoreWithOsteoporosis) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(snomed("81102000"), "2026-11-01");
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF07"), "hold");
  builder.condition(icd("M81.0"), "2015-01-01");
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF07"), "urgent");
}

TEST(RedFlags, ANewDeficitOnAnAnticoagulantIsAnEmergency) {
  auto builder = test::plain_acupuncture_order();
  const auto weak = test::all_no_but(test::rules(), test::answer("rf02.weakness", "yes"));
  const auto judge = [&] {
    return test::assess_one(builder.chart(), test::complete_history(), weak, test::now());
  };
  EXPECT_EQ(severity_of(judge(), "RF02"), "urgent");
  EXPECT_NE(severity_of(judge(), "RF16"), "emergency");
  builder.medication(test::rxnorm("11289"), "2026-11-01");
  EXPECT_EQ(severity_of(judge(), "RF16"), "emergency");
}

TEST(RedFlags, FeverSoonAfterSpineSurgeryIsAnEmergency) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("R50.9"), "2026-11-18");
  builder.procedure(cpt("63030"), "2026-06-01");
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF17"), "none");
  builder.procedure(cpt("63030"), "2026-10-01");
  EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF17"), "emergency");
}

TEST(RedFlags, AnInjectionCountsForThirtyDaysOnly) {
  for (const auto& [performed, severity] :
       {std::pair{"2026-11-01", "emergency"}, {"2026-10-01", "none"}}) {
    auto builder = test::plain_acupuncture_order();
    builder.condition(icd("R50.9"), "2026-11-18");
    builder.procedure(cpt("62323"), performed);
    EXPECT_EQ(severity_of(test::assess_cleared(builder.chart()), "RF17"), severity) << performed;
  }
}

TEST(RedFlags, AChildIsForAClinician) {
  auto builder = test::plain_acupuncture_order();
  builder.patient().birth_date = Sensitive(date("2010-01-01"));
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(severity_of(assessment, "RF11"), "hold");
  EXPECT_EQ(assessment.disposition, Disposition::hold);
}

TEST(RedFlags, AgeAloneNeverChangesTheLane) {
  auto builder = test::plain_acupuncture_order();
  builder.patient().birth_date = Sensitive(date("1936-01-01"));
  EXPECT_EQ(test::assess_cleared(builder.chart()).disposition, Disposition::route_acupuncture);
}

TEST(RedFlags, ARecordIsNotRepeatedBehindAWeakerFlagOfItsRule) {
  auto builder = test::plain_acupuncture_order();
  const auto ref = builder.condition(icd("G83.4"), "2026-11-19").ref;
  int seen = 0;
  for (const auto& found : test::assess_cleared(builder.chart()).flags) {
    if (found.rule == "RF01") seen += static_cast<int>(found.evidence.size());
  }
  EXPECT_EQ(seen, 1);
}

TEST(RedFlags, WordsCountAndSaySo) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(test::words("Cauda equina syndrome"), "2026-11-19");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(severity_of(assessment, "RF01"), "emergency");
  EXPECT_NE(flag(assessment, "RF01")->text.find("by its words"), std::string::npos);
}

TEST(EmergencyRules, WorkOnAnOrderAlone) {
  ChartBuilder message;
  message.order(snomed("183608005")).reason_codes = {icd("G83.4")};
  const auto flags =
      emergency_flags(message.chart(), test::rules(), test::terminology(), test::now());
  ASSERT_EQ(flags.size(), 1u);
  EXPECT_EQ(flags[0].rule, "RF01");
  EXPECT_EQ(flags[0].evidence, std::vector<std::string>{"ServiceRequest/1"});
}

TEST(EmergencyRules, ReadTheAnswersThatCameWithTheOrder) {
  auto message = test::plain_acupuncture_order();
  message.response("rf01.bladder", "true", "2026-11-20T09:00:00Z");
  const auto flags =
      emergency_flags(message.chart(), test::rules(), test::terminology(), test::now());
  ASSERT_EQ(flags.size(), 1u);
  EXPECT_EQ(flags[0].evidence, std::vector<std::string>{"QuestionnaireResponse/1"});
}

TEST(EmergencyRules, LeaveEverythingElseToTheAssessment) {
  auto message = test::plain_acupuncture_order();
  message.condition(icd("C79.51"), "2026-11-19");
  message.condition(icd("M81.0"), "2026-11-19");
  EXPECT_TRUE(
      emergency_flags(message.chart(), test::rules(), test::terminology(), test::now()).empty());
}

}  // namespace
}  // namespace meridian
