// SPDX-License-Identifier: Apache-2.0
// The order of the rules: what wins, what stands beside it.
#include "pathway/assess.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "pathway/episodes.h"
#include "pathway/screening.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::assess_cleared;
using test::ChartBuilder;
using test::cpt;
using test::date;
using test::flag;
using test::icd;
using test::lane;
using test::snomed;

TEST(Assess, AClearOrderGoesToAcupuncture) {
  const auto assessment = assess_cleared(test::plain_acupuncture_order().chart());
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_EQ(assessment.referral, "ServiceRequest/1");
  ASSERT_NE(lane(assessment, "acupuncture"), nullptr);
  EXPECT_EQ(lane(assessment, "acupuncture")->urgency, "routine");
  EXPECT_EQ(lane(assessment, "acupuncture")->modality, "");
  EXPECT_EQ(assessment.pain_types[0].type, "nonspecific_muscular");
  EXPECT_EQ(assessment.rules_version, test::rules().version);
}

TEST(Assess, AnEmergencyOutranksEverythingForEitherDirection) {
  for (auto builder : {test::plain_acupuncture_order(), test::plain_surgeon_order()}) {
    builder.condition(icd("G83.4"), "2026-11-19");
    builder.condition(icd("C79.51"), "2026-01-01");
    const auto assessment = assess_cleared(builder.chart());
    EXPECT_EQ(assessment.disposition, Disposition::emergency);
    EXPECT_EQ(assessment.lanes.front().service, "emergency");
    EXPECT_EQ(lane(assessment, "acupuncture"), nullptr);
  }
}

TEST(Assess, AnUrgentFlagGoesToTheSurgeonBeforeAnyMissingAnswer) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("M47.16"), "2026-01-01");
  const auto assessment = test::assess_one(builder.chart(), {}, {}, test::now());
  EXPECT_EQ(assessment.disposition, Disposition::urgent_surgeon);
  EXPECT_EQ(lane(assessment, "spine_surgery")->urgency, "urgent");
  EXPECT_EQ(lane(assessment, "acupuncture"), nullptr);
}

TEST(Assess, AnAneurysmIsHeldAndGoesToItsOwnService) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("I71.43"), "2026-01-01");
  const auto assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.disposition, Disposition::hold);
  EXPECT_EQ(lane(assessment, "vascular")->urgency, "urgent");
}

TEST(Assess, APacemakerBarsCurrentNotNeedles) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("Z95.0"), "2019-01-01");
  const auto assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_EQ(lane(assessment, "acupuncture")->modality, "manual");
}

TEST(Assess, APacemakerHoldsAnOrderForCurrent) {
  for (const auto& code : {cpt("97813"), snomed("231102004")}) {
    auto builder = test::plain_acupuncture_order();
    builder.records().service_requests[0].code = code;
    EXPECT_EQ(lane(assess_cleared(builder.chart()), "acupuncture")->modality, "electro");
    builder.condition(icd("Z95.0"), "2019-01-01");
    const auto assessment = assess_cleared(builder.chart());
    EXPECT_EQ(assessment.disposition, Disposition::hold);
    EXPECT_EQ(lane(assessment, "acupuncture")->modality, "manual") << "what would be possible";
  }
}

TEST(Assess, PregnancyIsHeldForANamedSignature) {
  auto builder = test::plain_acupuncture_order();
  builder.patient().birth_date = Sensitive(date("1996-01-01"));
  builder.condition(icd("Z33.1"), "2026-09-01");
  const auto assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.disposition, Disposition::hold);
  EXPECT_EQ(test::caution(assessment, "AC01")->electro, "absolute");
}

TEST(Assess, AnImageAloneChangesNothing) {
  auto builder = test::plain_acupuncture_order();
  auto& report = builder.imaging(test::loinc("24968-2"), "2026-11-01");
  report.conclusion = Sensitive<std::string>("Large disc extrusion L5-S1. No fracture.");
  report.conclusion_codes = {snomed("73589001")};
  const auto assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_TRUE(assessment.flags.empty());
}

TEST(Assess, ASurgeonBoundOrderGoesUrgentlyWhenTheSenderSaysSo) {
  auto builder = test::plain_surgeon_order();
  EXPECT_EQ(assess_cleared(builder.chart()).disposition, Disposition::route_surgeon);
  for (const char* priority : {"urgent", "asap", "stat"}) {
    builder.records().service_requests[0].priority = priority;
    const auto assessment = assess_cleared(builder.chart());
    EXPECT_EQ(assessment.disposition, Disposition::urgent_surgeon) << priority;
    EXPECT_EQ(lane(assessment, "spine_surgery")->urgency, "urgent") << priority;
  }
}

TEST(Assess, ContraindicationsOfNeedlesNeverHoldASurgeonBoundOrder) {
  auto builder = test::plain_surgeon_order();
  builder.condition(icd("D65"), "2026-11-01");
  builder.condition(icd("F03.90"), "2020-01-01");
  EXPECT_EQ(assess_cleared(builder.chart()).disposition, Disposition::route_surgeon);
}

TEST(Assess, ASpecialistLaneStandsBesideAcupunctureAndNeverClosesIt) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("M48.062"), "2025-01-01");
  builder.condition(icd("M45.6"), "2015-01-01");
  const auto assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_NE(lane(assessment, "spine_surgery"), nullptr);
  EXPECT_NE(lane(assessment, "rheumatology"), nullptr);
  EXPECT_NE(lane(assessment, "acupuncture"), nullptr);
}

TEST(Assess, AnOrderThatNoCodeExplainsIsHeld) {
  ChartBuilder builder;
  builder.order(snomed("183608005")).reason_codes = {test::words("pain, see note")};
  const auto assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.pain_types[0].type, "undetermined");
  EXPECT_EQ(assessment.disposition, Disposition::hold);
  EXPECT_NE(test::missing(assessment, "episode.pain-type"), nullptr);
}

TEST(Assess, AnEpisodeWithoutAnOrderSaysWhatOneWouldMeet) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01");
  auto assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.referral, "");
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_EQ(
      test::assess_one(builder.chart(), test::complete_history(), {}, test::now()).disposition,
      Disposition::hold);
  builder.records().conditions[0].code = icd("M96.1");
  assessment = assess_cleared(builder.chart());
  EXPECT_EQ(assessment.disposition, Disposition::route_surgeon) << "original surgeon first";
}

TEST(Assess, APatientWhoIsSaidToHaveDiedIsHeld) {
  auto builder = test::plain_acupuncture_order();
  builder.patient().deceased = true;
  EXPECT_EQ(assess_cleared(builder.chart()).disposition, Disposition::hold);
}

std::vector<Assessment> assess_all(const Chart& chart) {
  const auto episodes = build_episodes(chart, test::terminology());
  const auto answers = read_answers(chart, test::rules(), test::terminology());
  const auto history = test::complete_history();
  return assess_chart({.chart = chart,
                       .episodes = episodes,
                       .history = history,
                       .answers = answers,
                       .terminology = test::terminology(),
                       .rules = test::rules(),
                       .at = test::now()});
}

TEST(AssessChart, GivesOnePerOpenOrder) {
  auto builder = test::plain_acupuncture_order();
  builder.order(snomed("770695002"));
  builder.order(snomed("183608005")).status = "revoked";
  builder.order(snomed("308447003"));
  const auto assessments = assess_all(builder.chart());
  ASSERT_EQ(assessments.size(), 2u);
  EXPECT_EQ(assessments[0].referral, "ServiceRequest/1");
  EXPECT_EQ(assessments[1].referral, "ServiceRequest/2");
}

TEST(AssessChart, GivesOnePerEpisodeWhenNothingIsOrdered) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2020-01-01");
  builder.condition(icd("M54.50"), "2026-01-01");
  EXPECT_EQ(assess_all(builder.chart()).size(), 2u);
}

TEST(AssessChart, ReadsTheAnswersOfTheChart) {
  auto builder = test::plain_acupuncture_order();
  for (const auto& question : test::rules().screening) {
    builder.response(question.id, "false", "2026-11-20T09:00:00Z");
  }
  EXPECT_EQ(assess_all(builder.chart())[0].disposition, Disposition::route_acupuncture);
}

TEST(Annotations, NameSurgeryEverAndCareOfTheEpisode) {
  auto builder = test::plain_acupuncture_order();
  builder.procedure(cpt("63030"), "2004-05-06");
  builder.procedure(cpt("97140"), "2026-10-10");
  const auto assessment = assess_cleared(builder.chart());
  std::vector<std::string> rules;
  for (const auto& entry : assessment.annotations) rules.push_back(entry.rule);
  EXPECT_NE(std::find(rules.begin(), rules.end(), "history.surgery"), rules.end());
  EXPECT_NE(std::find(rules.begin(), rules.end(), "episode.care"), rules.end());
}

/// A chart with something for most rules.
ChartBuilder rich_chart() {
  auto builder = test::plain_acupuncture_order();
  builder.condition(icd("Z85.3"), "2009-01-01");
  builder.condition(icd("M81.0"), "2015-01-01");
  builder.condition(icd("S32.010A"), "2026-11-01");
  builder.condition(icd("R32"), "2026-11-15");
  builder.condition(icd("Z95.0"), "2019-01-01");
  builder.condition(icd("R63.4"), "2026-06-01");
  builder.medication(test::rxnorm("11289"), "2026-10-01");
  builder.medication(test::rxnorm("32968"), "2026-10-01");
  builder.procedure(cpt("63030"), "2026-10-01");
  builder.measure(test::loinc("8310-5"), "38.2", "Cel", "2026-11-19");
  builder.measure(test::loinc("777-3"), "45", "10*9/L", "2026-11-10");
  builder.response("rf01.saddle", "no", "2026-11-20T08:00:00Z");
  builder.coverage("Medicare");
  return builder;
}

std::string digest(const Assessment& assessment) {
  std::string out = disposition_name(assessment.disposition);
  const auto add = [&](const Entry& entry) {
    out += '\n' + entry.rule + ' ' + entry.text;
    for (const auto& ref : entry.evidence) out += ' ' + ref;
  };
  for (const auto& entry : assessment.flags) add(entry);
  for (const auto& entry : assessment.cautions) add(entry);
  for (const auto& entry : assessment.missing) add(entry);
  for (const auto& entry : assessment.coverage) add(entry);
  for (const auto& entry : assessment.annotations) add(entry);
  for (const auto& open : assessment.lanes) out += '\n' + open.service + open.urgency;
  if (assessment.valid_until) out += to_string(*assessment.valid_until);
  return out;
}

TEST(AssessProperty, TheOrderOfTheRecordsDoesNotMatter) {
  auto builder = rich_chart();
  const auto expected = digest(assess_all(builder.chart()).front());
  std::mt19937 random(20261120);
  for (int round = 0; round < 50; ++round) {
    auto& records = builder.records();
    std::shuffle(records.conditions.begin(), records.conditions.end(), random);
    std::shuffle(records.medications.begin(), records.medications.end(), random);
    std::shuffle(records.procedures.begin(), records.procedures.end(), random);
    std::shuffle(records.observations.begin(), records.observations.end(), random);
    ASSERT_EQ(digest(assess_all(builder.chart()).front()), expected) << round;
  }
}

TEST(AssessProperty, AnUnrelatedRecordNeverRemovesAFlagOrACaution) {
  const auto before = assess_all(rich_chart().chart()).front();
  ASSERT_GT(before.flags.size(), 4u);
  const std::vector<Concept> unrelated = {icd("J45.909"),      icd("Z00.00"),
                                          icd("H52.4"),        icd("M25.561"),
                                          snomed("195662009"), test::words("in good health")};
  for (const auto& code : unrelated) {
    auto builder = rich_chart();
    builder.condition(code, "2026-11-19");
    builder.procedure(code, "2026-11-19");
    builder.medication(code, "2026-11-19");
    builder.observation(code, "2026-11-19");
    const auto after = assess_all(builder.chart()).front();
    for (const auto& entry : before.flags) {
      const auto* found = flag(after, entry.rule);
      ASSERT_NE(found, nullptr) << entry.rule;
      EXPECT_EQ(found->severity, flag(before, entry.rule)->severity);
    }
    for (const auto& entry : before.cautions) {
      EXPECT_NE(test::caution(after, entry.rule), nullptr) << entry.rule;
    }
    EXPECT_EQ(after.disposition, before.disposition);
  }
}

}  // namespace
}  // namespace meridian
