// SPDX-License-Identifier: Apache-2.0
// AC01 to AC20 of the loaded content: for each what fires it and what nearly does.
#include "pathway/contraindications.h"

#include <gtest/gtest.h>

#include "pathway/charts.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::caution;
using test::ChartBuilder;
using test::cpt;
using test::date;
using test::icd;
using test::loinc;
using test::rxnorm;
using test::snomed;

struct CodedCase {
  const char* rule;
  Concept code;
  const char* onset;
  const char* manual;
  const char* electro;
  const char* outside;      ///< a date at which it no longer counts; empty when it always does
  bool counts_when_ended;   ///< for life
  Disposition disposition;  ///< of an otherwise clear acupuncture order
};

std::ostream& operator<<(std::ostream& out, const CodedCase& coded) {
  return out << coded.rule << ' ' << coded.code.codings[0].code;
}

class CodedCaution : public testing::TestWithParam<CodedCase> {
 protected:
  Assessment judge(const char* onset, void (*change)(Condition&)) const {
    auto builder = test::plain_acupuncture_order();
    change(builder.condition(GetParam().code, onset));
    return test::assess_cleared(builder.chart());
  }
  bool fires(const char* onset, void (*change)(Condition&)) const {
    return caution(judge(onset, change), GetParam().rule) != nullptr;
  }
};

TEST_P(CodedCaution, HasItsSeverities) {
  const auto assessment = judge(GetParam().onset, [](Condition&) {});
  const auto* found = caution(assessment, GetParam().rule);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->manual, GetParam().manual);
  EXPECT_EQ(found->electro, GetParam().electro);
  EXPECT_EQ(found->evidence, std::vector<std::string>{"Condition/2"});
  EXPECT_TRUE(test::rules().sources.contains(found->source)) << found->source;
  EXPECT_EQ(assessment.disposition, GetParam().disposition);
}

TEST_P(CodedCaution, EndsWithItsWindow) {
  const bool always = std::string_view(GetParam().outside).empty();
  EXPECT_EQ(fires(always ? "1990-01-01" : GetParam().outside, [](Condition&) {}), always);
}

TEST_P(CodedCaution, EndsWhenResolvedUnlessForLife) {
  EXPECT_EQ(fires(GetParam().onset,
                  [](Condition& condition) {
                    condition.clinical_status = "resolved";
                    condition.abatement = date("2026-11-19");
                  }),
            GetParam().counts_when_ended);
}

TEST_P(CodedCaution, NeverCountsWhenRefutedOrErroneous) {
  EXPECT_FALSE(fires(GetParam().onset,
                     [](Condition& condition) { condition.verification_status = "refuted"; }));
  EXPECT_FALSE(fires(GetParam().onset, [](Condition& condition) {
    condition.verification_status = "entered-in-error";
  }));
}

TEST_P(CodedCaution, NeverCountsForAnotherPerson) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(GetParam().code, GetParam().onset).subject = test::to("Patient/2");
  RecordSet records = builder.records();
  records.patients = {builder.patient()};
  const auto split = split_charts(std::move(records));
  EXPECT_EQ(caution(test::assess_cleared(split.charts[0]), GetParam().rule), nullptr);
}

constexpr auto route = Disposition::route_acupuncture;
constexpr auto hold = Disposition::hold;
constexpr auto urgent = Disposition::urgent_surgeon;
constexpr auto emergency = Disposition::emergency;

INSTANTIATE_TEST_SUITE_P(
    EachRule, CodedCaution,
    testing::ValuesIn(std::vector<CodedCase>{
        CodedCase{"AC01", icd("Z33.1"), "2026-09-01", "relative", "absolute", "2025-11-01", false,
                  hold},
        CodedCase{"AC01", snomed("77386006"), "2026-09-01", "relative", "absolute", "2025-11-01",
                  false, hold},
        CodedCase{"AC02", icd("Z79.01"), "2019-01-01", "caution", "caution", "", false, route},
        CodedCase{"AC03", icd("Z79.82"), "2019-01-01", "information", "information", "", false,
                  route},
        CodedCase{"AC04", icd("D66"), "1990-01-01", "relative", "relative", "", false, hold},
        CodedCase{"AC04", icd("D65"), "2026-11-01", "absolute", "absolute", "", false, hold},
        CodedCase{"AC05", icd("D69.6"), "2026-01-01", "relative", "relative", "", false, hold},
        CodedCase{"AC06", icd("L03.312"), "2026-11-01", "absolute", "absolute", "2026-06-01", false,
                  hold},
        CodedCase{"AC06", icd("B02.9"), "2026-11-01", "absolute", "absolute", "2026-06-01", false,
                  hold},
        CodedCase{"AC07", icd("G40.909"), "2009-01-01", "caution", "relative", "", false, route},
        CodedCase{"AC07", icd("G40.919"), "2009-01-01", "relative", "absolute", "", false, hold},
        CodedCase{"AC08", icd("Z95.0"), "2019-01-01", "none", "absolute", "", true, route},
        CodedCase{"AC09", icd("D70.1"), "2026-10-01", "relative", "relative", "", false, hold},
        CodedCase{"AC10", icd("D84.821"), "2019-01-01", "caution", "caution", "", false, route},
        CodedCase{"AC11", icd("L23.0"), "2001-01-01", "caution", "caution", "", true, route},
        CodedCase{"AC12", icd("F40.231"), "2001-01-01", "caution", "caution", "", false, route},
        CodedCase{"AC12", icd("R55"), "2026-01-01", "caution", "caution", "2025-01-01", true,
                  route},
        CodedCase{"AC13", icd("I97.2"), "2015-01-01", "absolute", "absolute", "", true, route},
        CodedCase{"AC14", icd("C79.51"), "2026-01-01", "absolute", "absolute", "", false, urgent},
        CodedCase{"AC14", icd("M46.46"), "2026-06-01", "absolute", "absolute", "2025-01-01", false,
                  emergency},
        CodedCase{"AC14", icd("S32.010A"), "2026-10-15", "absolute", "absolute", "", false, urgent},
        CodedCase{"AC15", icd("Z98.1"), "2015-01-01", "caution", "relative", "", true, route},
        CodedCase{"AC16", icd("Z95.2"), "2015-01-01", "caution", "caution", "", true, route},
        CodedCase{"AC17", icd("F03.90"), "2020-01-01", "relative", "relative", "", false, hold},
        CodedCase{"AC18", icd("J43.9"), "2020-01-01", "caution", "caution", "", true, route}}));

TEST(Contraindications, AnAnswerOfYesCountsAsMuchAsACode) {
  for (const auto& [question, rule] : {std::pair{"ac01.pregnancy", "AC01"},
                                       {"ac02.anticoagulant", "AC02"},
                                       {"ac06.skin", "AC06"},
                                       {"ac08.implant", "AC08"}}) {
    const auto builder = test::plain_acupuncture_order();
    const auto answers = test::all_no_but(test::rules(), test::answer(question, "yes"));
    const auto assessment =
        test::assess_one(builder.chart(), test::complete_history(), answers, test::now());
    EXPECT_NE(caution(assessment, rule), nullptr) << question;
  }
}

TEST(Contraindications, AnticoagulantsAreACautionAndNeverABlock) {
  for (const char* ingredient : {"11289", "1364430", "67108"}) {
    auto builder = test::plain_acupuncture_order();
    builder.medication(rxnorm(ingredient), "2026-10-01");
    const auto assessment = test::assess_cleared(builder.chart());
    ASSERT_NE(caution(assessment, "AC02"), nullptr) << ingredient;
    EXPECT_EQ(caution(assessment, "AC02")->manual, "caution");
    EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  }
}

TEST(Contraindications, AnAnticoagulantWithAnAntiplateletIsForAClinician) {
  auto builder = test::plain_acupuncture_order();
  builder.medication(rxnorm("11289"), "2026-10-01");
  builder.medication(rxnorm("32968"), "2026-10-01");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(caution(assessment, "AC02")->manual, "relative");
  EXPECT_EQ(caution(assessment, "AC02")->evidence,
            (std::vector<std::string>{"MedicationRequest/1", "MedicationRequest/2"}));
}

TEST(Contraindications, AMedicineThatWasStoppedIsOver) {
  auto builder = test::plain_acupuncture_order();
  builder.medication(rxnorm("11289"), "2024-10-01").status = "stopped";
  EXPECT_EQ(caution(test::assess_cleared(builder.chart()), "AC02"), nullptr);
}

struct CountCase {
  const char* rule;
  const char* code;
  const char* value;
  const char* manual;  ///< "" when it says nothing
};

class Counts : public testing::TestWithParam<CountCase> {};

TEST_P(Counts, AreGraded) {
  const auto& counted = GetParam();
  auto builder = test::plain_acupuncture_order();
  if (std::string_view(counted.rule) == "AC02") builder.medication(rxnorm("11289"), "2026-10-01");
  const char* unit = std::string_view(counted.rule) == "AC02" ? "{INR}" : "10*9/L";
  builder.measure(loinc(counted.code), counted.value, unit, "2026-11-15");
  const auto assessment = test::assess_cleared(builder.chart());
  const auto* found = caution(assessment, counted.rule);
  EXPECT_EQ(found == nullptr ? "" : found->manual, counted.manual) << counted.value;
}

INSTANTIATE_TEST_SUITE_P(
    EachLimit, Counts,
    testing::ValuesIn(std::vector<CountCase>{
        CountCase{"AC05", "777-3", "19", "absolute"}, CountCase{"AC05", "777-3", "20", "relative"},
        CountCase{"AC05", "777-3", "49.9", "relative"}, CountCase{"AC05", "777-3", "50", "caution"},
        CountCase{"AC05", "777-3", "100", ""}, CountCase{"AC09", "751-8", "0.49", "absolute"},
        CountCase{"AC09", "751-8", "0.5", "relative"}, CountCase{"AC09", "751-8", "1.0", ""},
        CountCase{"AC02", "6301-6", "3.4", "caution"},
        CountCase{"AC02", "6301-6", "3.6", "relative"},
        CountCase{"AC02", "6301-6", "5.1", "absolute"}}));

TEST(Contraindications, AnOldCountSaysNothing) {
  auto builder = test::plain_acupuncture_order();
  builder.measure(loinc("777-3"), "10", "10*9/L", "2026-09-01");
  EXPECT_EQ(caution(test::assess_cleared(builder.chart()), "AC05"), nullptr);
}

TEST(Contraindications, AnUndatedPregnancyIsAskedNotAssumed) {
  auto builder = test::plain_acupuncture_order();
  builder.patient().birth_date = Sensitive(date("1996-01-01"));
  builder.condition(icd("Z33.1"));
  const auto assessment =
      test::assess_one(builder.chart(), test::complete_history(), {}, test::now());
  EXPECT_EQ(caution(assessment, "AC01"), nullptr);
  EXPECT_NE(test::missing(assessment, "ac01.pregnancy"), nullptr);
}

TEST(Contraindications, TheFractureOfHalfAYearAgoIsForTheSurgeonToJudge) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("S32.010D"), "2026-08-01");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(caution(assessment, "AC14")->manual, "relative");
  EXPECT_EQ(assessment.disposition, Disposition::hold);
}

TEST(Contraindications, HardwareBarsCurrentNotNeedles) {
  auto builder = test::plain_acupuncture_order();
  builder.procedure(cpt("22612"), "2015-01-01");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(caution(assessment, "AC15")->electro, "relative");
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_EQ(test::lane(assessment, "acupuncture")->modality, "manual");
}

TEST(Contraindications, ScopesDecideWhatAnAbsoluteOneStops) {
  Caution scoped;
  scoped.manual = "absolute";
  for (const auto& [scope, effective] : {std::pair{"whole", "absolute"},
                                         {"spine", "absolute"},
                                         {"site", "relative"},
                                         {"limb", "caution"},
                                         {"level", "caution"}}) {
    scoped.scope = scope;
    EXPECT_EQ(effective_manual(scoped), effective) << scope;
  }
}

TEST(Contraindications, AMinorNeedsASignature) {
  auto builder = test::plain_acupuncture_order();
  builder.patient().birth_date = Sensitive(date("2008-11-21"));
  EXPECT_EQ(caution(test::assess_cleared(builder.chart()), "AC20")->manual, "relative");
  builder.patient().birth_date = Sensitive(date("2008-11-20"));
  EXPECT_EQ(caution(test::assess_cleared(builder.chart()), "AC20"), nullptr);
}

}  // namespace
}  // namespace meridian
