// SPDX-License-Identifier: Apache-2.0
#include "pathway/screening.h"

#include <gtest/gtest.h>

#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::loinc;
using test::snomed;

constexpr const char* today = "2026-11-20T08:00:00Z";

std::vector<Answer> answers_of(const ChartBuilder& builder) {
  return read_answers(builder.chart(), test::rules(), test::terminology());
}

std::string value_of(const ChartBuilder& builder, std::string_view question) {
  const auto newest = newest_answers(answers_of(builder), test::now());
  const auto* found = answer_to(newest, question);
  return found == nullptr ? "none" : found->value;
}

TEST(Screening, ReadsOurOwnQuestionnaireByLinkId) {
  for (const auto& [written, read] :
       {std::pair{"true", "yes"}, {"false", "no"}, {"No", "no"}, {"YES", "yes"}, {"y", "yes"}}) {
    ChartBuilder builder;
    builder.response("rf01.saddle", written, today);
    EXPECT_EQ(value_of(builder, "rf01.saddle"), read) << written;
  }
}

TEST(Screening, ReadsCodedAnswers) {
  ChartBuilder builder;
  auto& item = builder.response("rf01.saddle", "", today).items[0];
  item.values.clear();
  item.coded_values = {Coding{"http://terminology.hl7.org/CodeSystem/v2-0136", "N", "No"}};
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "no");
}

TEST(Screening, AnUnreadableAnswerIsNoAnswer) {
  for (const char* written : {"", "maybe", "unknown", "not asked", "no?? see note"}) {
    ChartBuilder builder;
    builder.response("rf01.saddle", written, today);
    EXPECT_EQ(value_of(builder, "rf01.saddle"), "none") << written;
  }
}

TEST(Screening, AnAnswerThatContradictsItselfIsNoAnswer) {
  ChartBuilder builder;
  builder.response("rf01.saddle", "no", today).items[0].values.push_back("yes");
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "none");
}

TEST(Screening, OnlyCompletedResponsesCount) {
  for (const char* status : {"in-progress", "entered-in-error", "stopped", ""}) {
    ChartBuilder builder;
    builder.response("rf01.saddle", "no", today).status = status;
    EXPECT_EQ(value_of(builder, "rf01.saddle"), "none") << status;
  }
}

TEST(Screening, ReadsObservationsByCode) {
  ChartBuilder builder;
  builder.observation(loinc("82810-3"), today).concept_value = snomed("77386006");
  EXPECT_EQ(value_of(builder, "ac01.pregnancy"), "yes");
  builder.observation(loinc("82810-3"), "2026-11-20T09:00:00Z").concept_value = snomed("60001007");
  EXPECT_EQ(value_of(builder, "ac01.pregnancy"), "no");
}

TEST(Screening, AFindingWithoutAValueIsPresentAndOneSaidFalseIsNot) {
  ChartBuilder builder;
  builder.observation(snomed("449813001"), today);
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "yes");
  builder.records().observations[0].boolean = false;
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "no");
}

TEST(Screening, AnObservationWithoutAResultIsNoAnswer) {
  ChartBuilder builder;
  auto& observation = builder.observation(snomed("449813001"), today);
  observation.data_absent_reason = test::words("not asked");
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "none");
  observation.data_absent_reason = {};
  observation.status = "preliminary";
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "none");
}

TEST(Screening, TheNewestAnswerOfAQuestionWins) {
  ChartBuilder builder;
  builder.response("rf01.saddle", "no", "2026-11-20T08:00:00Z");
  builder.response("rf01.saddle", "yes", "2026-11-20T07:00:00Z");
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "no");
  builder.response("rf01.saddle", "yes", "2026-11-20T09:00:00Z");
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "yes");
}

TEST(Screening, OfTwoAnswersOfOneInstantYesIsKept) {
  ChartBuilder builder;
  builder.response("rf01.saddle", "yes", today);
  builder.response("rf01.saddle", "no", today);
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "yes");
}

TEST(Screening, AnAnswerGivenAfterTheJudgedInstantIsNotKnownYet) {
  ChartBuilder builder;
  builder.response("rf01.saddle", "no", "2026-12-01");
  EXPECT_EQ(value_of(builder, "rf01.saddle"), "none");
}

TEST(Screening, MapsForeignItemsByCodeTextAndInversion) {
  RuleBook book = test::rules();
  book.answer_maps.push_back(
      {"text", "No numbness around the saddle?", "rf01.saddle", true, {}, {}});
  ChartBuilder builder;
  auto& item = builder.response("17", "true", today).items[0];
  item.text = "no numbness around the SADDLE";
  const auto answers = read_answers(builder.chart(), book, test::terminology());
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].question, "rf01.saddle");
  EXPECT_EQ(answers[0].value, "no");
  EXPECT_EQ(answers[0].ref, "QuestionnaireResponse/1");
}

TEST(Screening, FreshnessCountsFromTheEarliestInstantADateMayMean) {
  auto given = test::answer("rf01.saddle", "no", "2026-11-19");
  EXPECT_EQ(fresh_until(given, 24), parse_instant("2026-11-20T00:00:00Z"));
  given.at = {};
  EXPECT_FALSE(fresh_until(given, 24));
}

}  // namespace
}  // namespace meridian
