// SPDX-License-Identifier: Apache-2.0
#include "pathway/episodes.h"

#include <gtest/gtest.h>

#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::cpt;
using test::date;
using test::icd;
using test::snomed;
using test::to;
using Refs = std::vector<std::string>;

std::vector<Episode> episodes_of(const ChartBuilder& builder) {
  return build_episodes(builder.chart(), test::terminology());
}

const char* const low_back_pain = "279039007";

TEST(Episodes, ANewOneBeginsAfterMoreThan180Days) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01T00:00:00Z");
  builder.condition(icd("M54.50"), "2026-06-30T00:00:00Z");
  EXPECT_EQ(episodes_of(builder).size(), 1u) << "180 days";
  builder.condition(icd("M54.50"), "2026-12-27T00:00:00.001Z");
  EXPECT_EQ(episodes_of(builder).size(), 2u) << "180 days and a millisecond";
}

TEST(Episodes, TheGapIsASetting) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01");
  builder.condition(icd("M54.50"), "2026-03-01");
  EXPECT_EQ(build_episodes(builder.chart(), test::terminology(), {30}).size(), 2u);
}

TEST(Episodes, ReadIcdCodesWithAndWithoutTheDotAndRetiredOnes) {
  for (const char* code : {"M54.5", "M545", "M5450", "m54.50"}) {
    ChartBuilder builder;
    builder.condition(icd(code), "2020-01-01");
    const auto episodes = episodes_of(builder);
    ASSERT_EQ(episodes.size(), 1u) << code;
    EXPECT_EQ(episodes[0].pain_types[0].type, "nonspecific_muscular") << code;
    EXPECT_EQ(episodes[0].body_region, "lumbar") << code;
  }
}

TEST(Episodes, AreNotMadeByRefutedOrErroneousOrOtherConditions) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01").verification_status = "refuted";
  builder.condition(icd("M54.50"), "2026-01-01").verification_status = "entered-in-error";
  builder.condition(icd("G89.29"), "2026-01-01");
  builder.condition(icd("J45.909"), "2026-01-01");
  EXPECT_TRUE(episodes_of(builder).empty());
}

TEST(Episodes, OnsetIsTheEarliestStatedOneAndNeverARecordingDate) {
  ChartBuilder builder;
  builder.condition(icd("M54.50")).recorded = date("2026-02-03");
  EXPECT_TRUE(episodes_of(builder)[0].onset.empty());
  builder.condition(icd("M54.16"), "2026-01");
  EXPECT_EQ(episodes_of(builder)[0].onset.text, "2026-01");
}

TEST(Episodes, LastSeenIsTheCalendarDayTheSourceWrote) {
  ChartBuilder builder;
  auto& visit = builder.encounter("2014-02-05T19:41:48-05:00", "2014-02-05T23:56:48-05:00");
  builder.condition(snomed(low_back_pain), "2014-02-05T19:41:48-05:00").encounter = to(visit.ref);
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_EQ(episodes[0].last_seen.text, "2014-02-05");
  EXPECT_EQ(episodes[0].encounters, Refs{"Encounter/1"});
}

TEST(Episodes, AConditionWithAnEndStretchesItAndAnActiveOneDoesNot) {
  ChartBuilder builder;
  auto& first = builder.condition(icd("M54.50"), "2025-01-01");
  first.clinical_status = "resolved";
  first.abatement = date("2025-12-01");
  builder.condition(icd("M54.16"), "2026-04-01");
  EXPECT_EQ(episodes_of(builder).size(), 1u);
  builder.records().conditions[0].abatement = {};
  builder.records().conditions[0].clinical_status = "active";
  EXPECT_EQ(episodes_of(builder).size(), 2u);
}

TEST(Episodes, AVisitForAnOldProblemListsTheProblemAgain) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2020-01-01");
  builder.encounter("2026-05-05").diagnoses = {to("Condition/1")};
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 2u);
  EXPECT_EQ(episodes[0].conditions, Refs{"Condition/1"});
  EXPECT_EQ(episodes[1].conditions, Refs{"Condition/1"});
  EXPECT_EQ(episodes[1].onset.text, "2020-01-01");
  EXPECT_EQ(episodes[1].last_seen.text, "2026-05-05");
  EXPECT_EQ(episodes[1].pain_types[0].type, "nonspecific_muscular");
}

TEST(Episodes, AnUndatedProblemJoinsTheEpisodeThatNamesIt) {
  ChartBuilder builder;
  builder.condition(icd("M54.16"));
  builder.encounter("2020-05-05").diagnoses = {to("Condition/1")};
  builder.condition(icd("M54.50"), "2026-01-01");
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 2u);
  EXPECT_EQ(episodes[0].conditions, Refs{"Condition/1"});
  EXPECT_EQ(episodes[1].conditions, Refs{"Condition/2"});
}

TEST(Episodes, AnUndatedProblemAloneIsAnEpisodeWithoutDates) {
  ChartBuilder builder;
  builder.condition(icd("M54.16"));
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_TRUE(episodes[0].onset.empty());
  EXPECT_TRUE(episodes[0].last_seen.empty());
}

TEST(Episodes, SpineSurgeryAndInjectionMakeOneByThemselves) {
  ChartBuilder builder;
  builder.procedure(cpt("63030"), "2026-01-10");
  builder.procedure(cpt("62323"), "2026-02-10");
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  ASSERT_EQ(episodes[0].procedures.size(), 2u);
  EXPECT_EQ(episodes[0].procedures[0].category, "spine_surgery");
  EXPECT_EQ(episodes[0].procedures[1].category, "spine_injection");
  EXPECT_EQ(episodes[0].pain_types[0].type, "undetermined");
}

TEST(Episodes, ANeedleForTheKneeMakesNone) {
  ChartBuilder builder;
  builder.procedure(cpt("97810"), "2026-01-10").reason_codes = {icd("M25.561")};
  builder.procedure(cpt("97810"), "2026-01-12").status = "not-done";
  EXPECT_TRUE(episodes_of(builder).empty());
}

TEST(Episodes, AProcedureAtTheSpineIsOtherSpineWhenItsCodeIsUnknown) {
  ChartBuilder builder;
  builder.procedure(test::words("heat pack"), "2026-01-10").reason_codes = {icd("M54.50")};
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_EQ(episodes[0].procedures[0].category, "other_spine");
}

TEST(Episodes, TakeTherapyWithoutAReasonWithin180DaysOfTheLastVisit) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01T00:00:00Z");
  builder.procedure(cpt("97140"), "2026-06-30T00:00:00Z");
  builder.procedure(cpt("97140"), "2026-06-30T00:00:01Z");
  builder.procedure(cpt("97140"), "2025-12-31");
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  ASSERT_EQ(episodes[0].procedures.size(), 1u);
  EXPECT_EQ(episodes[0].procedures[0].ref, "Procedure/1");
}

TEST(Episodes, TakeTherapyBetweenTheStatedOnsetAndTheFirstVisit) {
  ChartBuilder builder;
  auto& visit = builder.encounter("2026-03-10");
  builder.condition(icd("M54.50"), "2024-06-01").encounter = to(visit.ref);
  builder.procedure(cpt("97140"), "2025-09-01");
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_EQ(episodes[0].procedures.size(), 1u);
  EXPECT_EQ(episodes[0].onset.text, "2024-06-01");
}

TEST(Episodes, TakeMedicinesOfTheirVisitsUnlessTheyHaveAnotherReason) {
  ChartBuilder builder;
  auto& visit = builder.encounter("2026-03-10");
  builder.condition(icd("M54.50"), "2026-03-10").encounter = to(visit.ref);
  builder.medication(test::rxnorm("11289"), "2026-03-10").encounter = to(visit.ref);
  auto& other = builder.medication(test::words("lisinopril"), "2026-03-10");
  other.encounter = to(visit.ref);
  other.reason_codes = {icd("I10")};
  builder.medication(test::words("ibuprofen"), "2026-04-01").reason_references = {
      to("Condition/1")};
  builder.medication(test::words("aspirin"), "2026-03-11");
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes[0].medications.size(), 2u);
  EXPECT_EQ(episodes[0].medications[0].ref, "MedicationRequest/1");
  EXPECT_EQ(episodes[0].medications[0].medication_class, "anticoagulant_oral");
  EXPECT_EQ(episodes[0].medications[1].ref, "MedicationRequest/3");
}

TEST(Episodes, KeepScoresAsWrittenAndThoseWithoutANumber) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01");
  builder.measure(test::loinc("72514-3"), "7.0", "{score}", "2026-02-01");
  builder.observation(test::loinc("91148-7"), "2026-02-02");
  builder.measure(test::loinc("8310-5"), "36.6", "Cel", "2026-02-02");
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes[0].scores.size(), 2u);
  EXPECT_EQ(episodes[0].scores[0].instrument, "NRS");
  EXPECT_EQ(episodes[0].scores[0].value, "7.0");
  EXPECT_EQ(episodes[0].scores[1].instrument, "PEG");
  EXPECT_EQ(episodes[0].scores[1].value, "");
}

TEST(Episodes, AnImageOfTheSpineMakesOneAndOneOfTheChestDoesNot) {
  ChartBuilder builder;
  builder.imaging(cpt("72100"), "2004-09-24T11:25:00Z");
  auto& chest = builder.imaging(test::words("chest"), "2004-09-25");
  chest.is_study = true;
  chest.body_sites = {snomed("51185008")};
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  ASSERT_EQ(episodes[0].imaging.size(), 1u);
  EXPECT_EQ(episodes[0].imaging[0].modality, "XR");
  EXPECT_EQ(episodes[0].imaging[0].region, "lumbar");
  EXPECT_EQ(episodes[0].pain_types[0].type, "undetermined");
}

TEST(Episodes, AnOrderForAcupunctureMakesOneAndAnImagingOrderDoesNot) {
  ChartBuilder builder;
  builder.order(cpt("72148")).reason_codes = {icd("M54.50")};
  EXPECT_TRUE(episodes_of(builder).empty());
  builder.order(snomed("183608005"));
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_EQ(episodes[0].referrals, Refs{"ServiceRequest/2"});
}

TEST(Episodes, AnOrderInsideAReportIsNoReferral) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-11-01");
  builder.order(snomed("183608005")).contained_in = {to("DiagnosticReport/1")};
  EXPECT_TRUE(episodes_of(builder)[0].referrals.empty());
}

TEST(Episodes, TheReasonOfAnOrderGivesThePainType) {
  ChartBuilder builder;
  builder.order(snomed("183608005")).reason_codes = {icd("M54.16")};
  EXPECT_EQ(episodes_of(builder)[0].pain_types[0].type, "radiculopathy_other");
}

TEST(Episodes, WordsOpenOneButNeverGiveAType) {
  ChartBuilder builder;
  Concept lying = snomed("203646004");
  lying.codings[0].display = "Spondylolisthesis grade 2";
  builder.condition(lying, "2024-06-01");
  const auto episodes = episodes_of(builder);
  ASSERT_EQ(episodes.size(), 1u);
  ASSERT_EQ(episodes[0].pain_types.size(), 1u);
  EXPECT_EQ(episodes[0].pain_types[0].type, "undetermined");
  EXPECT_EQ(episodes[0].pain_types[0].basis, Refs{"Condition/1"});
}

TEST(Episodes, SeveralPainTypesStandBesideEachOther) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01");
  builder.condition(icd("M51.360"), "2026-01-02");
  builder.condition(icd("M47.816"), "2026-01-03");
  const auto types = episodes_of(builder)[0].pain_types;
  ASSERT_EQ(types.size(), 2u);
  EXPECT_EQ(types[0].type, "degenerative");
  EXPECT_EQ(types[0].basis, (Refs{"Condition/2", "Condition/3"}));
  EXPECT_EQ(types[1].type, "nonspecific_muscular");
}

TEST(Episodes, RegionsThatDisagreeAreMultiple) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-01-01");
  builder.condition(icd("M53.3"), "2026-01-01");
  EXPECT_EQ(episodes_of(builder)[0].body_region, "multiple");
}

TEST(Episodes, ListsAreSortedByTimeThenRefAndUndatedLast) {
  ChartBuilder builder;
  builder.condition(icd("M54.16"));
  builder.condition(icd("M54.50"), "2026-03-01");
  builder.condition(icd("M54.50"), "2026-02-01");
  builder.condition(icd("M51.26"), "2026-02-01");
  EXPECT_EQ(episodes_of(builder)[0].conditions,
            (Refs{"Condition/3", "Condition/4", "Condition/2", "Condition/1"}));
}

TEST(Episodes, AnEndBeforeItsStartIsNotBelieved) {
  ChartBuilder builder;
  builder.encounter("2026-03-10", "2019-03-10").reason_codes = {icd("M54.50")};
  EXPECT_EQ(episodes_of(builder)[0].last_seen.text, "2026-03-10");
}

}  // namespace
}  // namespace meridian
