// SPDX-License-Identifier: Apache-2.0
// The words of a rule (window, status, companion ...) on a rule book of our own.
#include "pathway/rule_match.h"

#include <gtest/gtest.h>

#include "pathway/red_flags.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::date;
using test::icd;
using test::now;

RuleCodes clause(std::vector<std::string> value_sets) {
  RuleCodes codes;
  codes.value_sets = std::move(value_sets);
  codes.effect = "urgent";
  return codes;
}

/// One rule RF99 with a screening question of its own.
RuleBook book_with(const RuleCodes& codes) {
  RuleBook book;
  RedFlagRule rule;
  rule.id = "RF99";
  rule.codes = {codes};
  book.red_flags = {rule};
  ScreeningQuestion question;
  question.id = "rf99.new";
  question.rule = "RF99";
  book.screening = {question};
  return book;
}

std::string severity_of(const ChartBuilder& builder, const RuleBook& book,
                        const std::vector<Answer>& answers = {}) {
  const RuleContext context(builder.chart(), book, test::terminology(), answers, now());
  const auto found = red_flags(context, fired_rules(context)).flags;
  return found.empty() ? "none" : found.front().severity;
}

bool fires(const ChartBuilder& builder, const RuleCodes& codes) {
  return severity_of(builder, book_with(codes)) != "none";
}

TEST(RuleCodes, AWindowEndsOnItsLastDay) {
  auto codes = clause({"serious.weight_loss"});
  codes.window_days = 14;
  ChartBuilder inside;
  inside.condition(icd("R63.4"), "2026-11-06");
  EXPECT_TRUE(fires(inside, codes));
  ChartBuilder outside;
  outside.condition(icd("R63.4"), "2026-11-05");
  EXPECT_FALSE(fires(outside, codes));
}

TEST(RuleCodes, AVagueDateCountsWhenItMayLieInTheWindow) {
  auto codes = clause({"serious.weight_loss"});
  codes.window_days = 14;
  ChartBuilder may;
  may.condition(icd("R63.4"), "2026-11");
  EXPECT_TRUE(fires(may, codes));
  ChartBuilder cannot;
  cannot.condition(icd("R63.4"), "2025");
  EXPECT_FALSE(fires(cannot, codes));
}

TEST(RuleCodes, AnUndatedRecordCountsUnlessADateIsNeeded) {
  auto codes = clause({"serious.weight_loss"});
  codes.window_days = 14;
  ChartBuilder builder;
  builder.condition(icd("R63.4"));
  EXPECT_TRUE(fires(builder, codes));
  codes.needs_date = true;
  EXPECT_FALSE(fires(builder, codes));
  builder.records().conditions[0].recorded = date("2026-11-19");
  EXPECT_TRUE(fires(builder, codes)) << "the recording date stands in for an onset not stated";
}

TEST(RuleCodes, AnOldOnsetIsNotMadeNewByALaterRecording) {
  auto codes = clause({"serious.weight_loss"});
  codes.window_days = 14;
  ChartBuilder builder;
  builder.condition(icd("R63.4"), "2019-05-05").recorded = date("2026-11-19");
  EXPECT_FALSE(fires(builder, codes));
}

TEST(RuleCodes, WrongRecordsNeverCount) {
  for (const char* status : {"refuted", "entered-in-error"}) {
    ChartBuilder builder;
    builder.condition(icd("R63.4"), "2026-11-19").verification_status = status;
    EXPECT_FALSE(fires(builder, clause({"serious.weight_loss"}))) << status;
  }
  for (const char* status : {"provisional", "unconfirmed", "differential", ""}) {
    ChartBuilder builder;
    builder.condition(icd("R63.4"), "2026-11-19").verification_status = status;
    EXPECT_TRUE(fires(builder, clause({"serious.weight_loss"}))) << status;
  }
}

TEST(RuleCodes, ARecordMadeLaterIsNotKnownYet) {
  ChartBuilder builder;
  builder.condition(icd("R63.4"), "2026-12-01").recorded = date("2026-12-01");
  EXPECT_FALSE(fires(builder, clause({"serious.weight_loss"})));
}

TEST(RuleCodes, ActiveOnlyFollowsStatusAndAbatement) {
  auto codes = clause({"serious.weight_loss"});
  codes.active_only = true;
  ChartBuilder builder;
  auto& condition = builder.condition(icd("R63.4"), "2026-01-01");
  EXPECT_TRUE(fires(builder, codes));
  condition.clinical_status = "resolved";
  EXPECT_FALSE(fires(builder, codes));
  condition.abatement = date("2027-01-01");
  EXPECT_TRUE(fires(builder, codes)) << "it ends after the judged instant";
  condition.clinical_status = "";
  condition.abatement = date("2026-02-01");
  EXPECT_FALSE(fires(builder, codes));
  condition.abatement = {};
  EXPECT_TRUE(fires(builder, codes)) << "no status is not an end";
}

TEST(RuleCodes, OnlyTheKindsOfRecordThatAreNamedCount) {
  auto codes = clause({"serious.weight_loss"});
  codes.records = {"procedure"};
  ChartBuilder builder;
  builder.condition(icd("R63.4"), "2026-11-19");
  EXPECT_FALSE(fires(builder, codes));
  codes.records = {"condition"};
  EXPECT_TRUE(fires(builder, codes));
}

TEST(RuleCodes, SeventhCharactersTellNewInjuriesFromOldOnes) {
  auto codes = clause({"serious.fracture"});
  codes.seventh_characters = {"A", "B"};
  for (const auto& [code, counts] :
       {std::pair{"S32.010A", true}, {"S32010B", true}, {"S32.010S", false}, {"S32.010D", false}}) {
    ChartBuilder builder;
    builder.condition(icd(code), "2026-11-19");
    EXPECT_EQ(fires(builder, codes), counts) << code;
  }
  ChartBuilder other_system;
  other_system.condition(test::snomed("207957008"), "2026-11-19");
  EXPECT_TRUE(fires(other_system, codes)) << "SNOMED CT has no seventh character";
}

TEST(RuleCodes, AtLeastCountsDifferentCodesNotRecords) {
  auto codes = clause({"flag.cauda_equina_symptom"});
  codes.at_least = 2;
  ChartBuilder builder;
  builder.condition(icd("R32"), "2026-11-19");
  builder.condition(icd("R32"), "2026-11-18");
  EXPECT_FALSE(fires(builder, codes));
  builder.condition(icd("R15.9"), "2026-11-19");
  EXPECT_TRUE(fires(builder, codes));
}

TEST(RuleCodes, WithBackPainNeedsARecordOfBackPain) {
  auto codes = clause({"serious.weight_loss"});
  codes.with_back_pain = true;
  ChartBuilder builder;
  builder.condition(icd("R63.4"), "2026-11-19");
  EXPECT_FALSE(fires(builder, codes));
  auto& old = builder.condition(icd("M54.50"), "2019-01-01");
  old.clinical_status = "resolved";
  EXPECT_FALSE(fires(builder, codes));
  builder.order(test::snomed("183608005")).reason_codes = {icd("M54.50")};
  EXPECT_TRUE(fires(builder, codes));
}

TEST(RuleCodes, ACompanionMayBeOldButAMedicineMustBeCurrent) {
  auto codes = clause({"serious.weight_loss"});
  codes.with_value_sets = {"serious.cancer_history", "medication.anticoagulant_oral"};
  ChartBuilder builder;
  builder.condition(icd("R63.4"), "2026-11-19");
  EXPECT_FALSE(fires(builder, codes));
  auto& warfarin = builder.medication(test::rxnorm("11289"), "2019-01-01");
  warfarin.status = "stopped";
  EXPECT_FALSE(fires(builder, codes));
  warfarin.status = "active";
  EXPECT_TRUE(fires(builder, codes));
  builder.records().medications.clear();
  builder.condition(icd("Z85.3"), "2009-01-01").clinical_status = "resolved";
  EXPECT_TRUE(fires(builder, codes));
  codes.with_window_days = 365;
  EXPECT_FALSE(fires(builder, codes));
}

TEST(RuleCodes, ALaterRecordCanEndOne) {
  auto codes = clause({"contra.cardiac_device"});
  codes.ended_by = {"serious.osteoporosis"};
  ChartBuilder builder;
  builder.condition(icd("Z95.0"), "2020-01-01");
  builder.condition(icd("M81.0"), "2019-01-01");
  EXPECT_TRUE(fires(builder, codes)) << "an earlier one ends nothing";
  builder.condition(icd("M81.0"), "2021-01-01");
  EXPECT_FALSE(fires(builder, codes));
}

TEST(RuleCodes, SupplyMustBeUnbroken) {
  auto codes = clause({"medication.corticosteroid_systemic"});
  codes.covered_days = 90;
  codes.window_days = 366;
  ChartBuilder builder;
  builder.medication(test::rxnorm("8640"), "2026-05-01").days_supply = 60;
  builder.medication(test::rxnorm("8640"), "2026-07-10").days_supply = 60;
  EXPECT_FALSE(fires(builder, codes)) << "ten days without";
  builder.medication(test::rxnorm("8640"), "2026-06-25").days_supply = 30;
  EXPECT_TRUE(fires(builder, codes));
}

TEST(RuleCodes, MedicineCountsUntilSevenDaysAfterItsSupply) {
  auto codes = clause({"medication.anticoagulant_oral"});
  codes.active_only = true;
  for (const auto& [authored, counts] : {std::pair{"2026-10-14", true}, {"2026-10-10", false}}) {
    ChartBuilder builder;
    auto& warfarin = builder.medication(test::rxnorm("11289"), authored);
    warfarin.status = "completed";
    warfarin.days_supply = 30;
    EXPECT_EQ(fires(builder, codes), counts) << authored;
  }
}

TEST(RuleCodes, MedicineIsFoundByItsNameAndNotInAnEyeDrop) {
  auto codes = clause({"medication.corticosteroid_systemic"});
  ChartBuilder builder;
  builder.medication(test::words("prednisone 5 MG Oral Tablet"), "2026-11-01");
  EXPECT_TRUE(fires(builder, codes));
  builder.records().medications[0].code = test::words("prednisolone 1% Ophthalmic drops");
  EXPECT_FALSE(fires(builder, codes));
}

TEST(RuleCodes, AskHoldsUntilEveryQuestionOfTheRuleHasAFreshNo) {
  auto codes = clause({"serious.weight_loss"});
  codes.effect = "ask";
  ChartBuilder builder;
  builder.condition(icd("R63.4"), "2026-11-19");
  const auto book = book_with(codes);
  EXPECT_EQ(severity_of(builder, book), "hold");
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "no")}), "modifier");
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "no", "2026-11-18")}), "hold");
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "yes")}), "hold");
}

TEST(RuleCodes, AnAnswerCanLiftAHold) {
  auto codes = clause({"serious.weight_loss"});
  codes.effect = "hold";
  codes.lifted_by = {RuleAnswer{"rf99.new", "no", {}}};
  ChartBuilder builder;
  builder.condition(icd("R63.4"), "2026-11-19");
  const auto book = book_with(codes);
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "no")}), "modifier");
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "no", "2026-11-18")}), "hold");
}

TEST(RuleAnswers, AYesOutlivesItsAgeLimitAndANoDoesNot) {
  RuleBook book = book_with(clause({"serious.weight_loss"}));
  book.red_flags[0].answers = {RuleAnswer{"rf99.new", "yes", "emergency"}};
  const ChartBuilder builder;
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "yes", "2026-11-08")}),
            "emergency");
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "yes", "2026-11-05")}), "none");
  Answer undated = test::answer("rf99.new", "yes");
  undated.at = {};
  EXPECT_EQ(severity_of(builder, book, {undated}), "emergency");
}

TEST(RuleMeasures, AreComparedInTheirOwnUnit) {
  RuleBook book = book_with(clause({"serious.weight_loss"}));
  RuleMeasure fever;
  fever.value_sets = {"measure.temperature"};
  fever.at_least = 38.0;
  fever.unit = "Cel";
  fever.window_days = 14;
  fever.effect = "urgent";
  book.red_flags[0].measures = {fever};
  for (const auto& [value, unit, severity] : {std::tuple{"38.0", "Cel", "urgent"},
                                              {"37.9", "Cel", "none"},
                                              {"101", "[degF]", "urgent"}}) {
    ChartBuilder builder;
    builder.measure(test::loinc("8310-5"), value, unit, "2026-11-19");
    EXPECT_EQ(severity_of(builder, book), severity) << value << unit;
  }
}

TEST(RuleAges, CountWhenTheBirthDateAllowsThem) {
  RuleBook book = book_with(clause({"serious.weight_loss"}));
  RuleAge minor;
  minor.under = 18;
  minor.effect = "hold";
  book.red_flags[0].ages = {minor};
  for (const auto& [born, severity] : {std::pair{"2008-11-21", "hold"},
                                       {"2008-11-20", "none"},
                                       {"2008", "hold"},
                                       {"2007", "none"},
                                       {"", "none"}}) {
    ChartBuilder builder;
    builder.patient().birth_date = Sensitive(date(born));
    EXPECT_EQ(severity_of(builder, book), severity) << born;
  }
}

TEST(RuleCombinations, RaiseARuleThatFiredByItself) {
  RuleBook book = book_with(clause({"serious.weight_loss"}));
  RedFlagRule modifier;
  modifier.id = "RF98";
  modifier.codes = {clause({"serious.osteoporosis"})};
  modifier.codes[0].effect = "modifier";
  book.red_flags.push_back(modifier);
  book.red_flags[0].combinations = {
      RuleCombination{{"RF98", "rf99.new=yes"}, {}, {}, {}, "emergency"}};
  ChartBuilder builder;
  builder.condition(icd("M81.0"));
  EXPECT_EQ(severity_of(builder, book), "modifier") << "a combination fires nothing by itself";
  builder.condition(icd("R63.4"));
  EXPECT_EQ(severity_of(builder, book), "emergency");
  builder.records().conditions.erase(builder.records().conditions.begin());
  EXPECT_EQ(severity_of(builder, book), "urgent");
  EXPECT_EQ(severity_of(builder, book, {test::answer("rf99.new", "yes")}), "emergency");
}

}  // namespace
}  // namespace meridian
