// SPDX-License-Identifier: Apache-2.0
// A course of acupuncture while it runs: check points, scores, holds, adverse events, the table.
#include "pathway/course/course.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "pathway/course/adverse_events.h"
#include "pathway/course/scores.h"
#include "pathway/emergency.h"
#include "pathway/sign_off.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::date;
using test::icd;
using test::loinc;
using test::snomed;

constexpr const char* needling = "44868003";

/// An acupuncture order in which visits took place on these days.
ChartBuilder with_visits(const std::vector<std::string>& days) {
  auto builder = test::plain_acupuncture_order();
  builder.records().conditions[0].onset = date("2026-03-01");
  builder.records().service_requests[0].authored = date("2026-08-01T09:00:00Z");
  for (const auto& day : days) builder.procedure(snomed(needling), day);
  return builder;
}

/// Eight weekly visits; the eighth on 2026-11-02.
ChartBuilder eight_weeks() {
  return with_visits({"2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12",
                      "2026-10-19", "2026-10-26", "2026-11-02"});
}

void score(ChartBuilder& builder, const char* code, const char* value, const char* on) {
  builder.measure(loinc(code), value, "{score}", on);
}

Course course_of(const ChartBuilder& builder) {
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_TRUE(assessment.course.has_value());
  return assessment.course.value_or(Course{});
}

const CheckPoint& point(const Course& course, std::string_view id) {
  static const CheckPoint none;
  const auto& points = course.check_points;
  const auto found = std::find_if(points.begin(), points.end(),
                                  [&](const CheckPoint& each) { return each.rule == id; });
  return found == points.end() ? none : *found;
}

std::string response_to(const char* code, const char* before, const char* after) {
  auto builder = eight_weeks();
  score(builder, code, before, "2026-09-14");
  score(builder, code, after, "2026-11-03");
  return course_of(builder).response;
}

constexpr const char* nrs = "72514-3";
constexpr const char* odi = "97909-6";
constexpr const char* peg = "91147-9";

TEST(Course, IsNoneWithoutAVisitOrLongAfterTheLast) {
  EXPECT_FALSE(test::assess_cleared(with_visits({}).chart()).course);
  EXPECT_FALSE(test::assess_cleared(with_visits({"2026-08-21"}).chart()).course) << "91 days";
  EXPECT_TRUE(test::assess_cleared(with_visits({"2026-08-22"}).chart()).course) << "90 days";
}

TEST(Course, ACheckPointIsReachedByVisitOrByDayWhicheverComesFirst) {
  const auto by_visit =
      course_of(with_visits({"2026-11-02", "2026-11-05", "2026-11-09", "2026-11-12"}));
  EXPECT_EQ(point(by_visit, "K1").state, "due");
  EXPECT_EQ(point(by_visit, "K1").reached_by, "visit");
  EXPECT_EQ(to_string(*point(by_visit, "K1").on), "2026-11-12");
  const auto by_day = course_of(with_visits({"2026-10-23", "2026-11-06"}));
  EXPECT_EQ(point(by_day, "K1").state, "due");
  EXPECT_EQ(point(by_day, "K1").reached_by, "day");
  const auto day_before = course_of(with_visits({"2026-10-24", "2026-11-06"}));
  EXPECT_EQ(point(day_before, "K1").state, "ahead") << "day 27";
  EXPECT_EQ(day_before.response, "too_early");
}

TEST(Course, TwoRecordsOfOneDayAreOneVisit) {
  EXPECT_EQ(course_of(with_visits({"2026-11-12", "2026-11-12"})).visits, 1);
}

TEST(Course, AThresholdIsReachedByPointsOrByPercent) {
  EXPECT_EQ(response_to(nrs, "8", "6"), "improved") << "2 points";
  EXPECT_EQ(response_to(nrs, "8", "6.5"), "unchanged") << "1.5 points and 19 percent";
  EXPECT_EQ(response_to(nrs, "5", "3.5"), "improved") << "30 percent";
  EXPECT_EQ(response_to(nrs, "5", "7"), "worse");
  EXPECT_EQ(response_to(odi, "50", "40"), "improved");
  EXPECT_EQ(response_to(odi, "50", "41"), "unchanged");
  EXPECT_EQ(response_to(odi, "50", "60"), "worse");
  EXPECT_EQ(response_to(peg, "6", "4.2"), "improved");
  EXPECT_EQ(response_to(peg, "6", "4.3"), "unchanged");
  EXPECT_EQ(response_to(peg, "6", "7.8"), "worse") << "no points: by percent";
}

TEST(Course, ALowBaselineImprovesByPercentAlone) {
  EXPECT_EQ(response_to(odi, "18", "13"), "unchanged") << "5 points, 28 percent";
  EXPECT_EQ(response_to(odi, "18", "12"), "improved") << "33 percent";
  EXPECT_EQ(response_to(odi, "18", "28"), "worse") << "a low baseline hides no worsening";
  EXPECT_EQ(response_to(nrs, "2", "4"), "worse");
}

TEST(Course, HigherIsBetterForPhysicalFunctionAlone) {
  auto builder = eight_weeks();
  score(builder, "71959-1", "35", "2026-09-14");
  score(builder, "71959-1", "39", "2026-11-03");
  const auto course = course_of(builder);
  ASSERT_EQ(course.scores.size(), 1U);
  EXPECT_EQ(course.scores[0].state, "improved");
  EXPECT_EQ(course.response, "not_measured") << "no primary measure";
}

TEST(Course, OneMeasureWorseOutweighsOneImproved) {
  auto builder = eight_weeks();
  score(builder, nrs, "7", "2026-09-14");
  score(builder, odi, "40", "2026-09-14");
  score(builder, nrs, "4", "2026-11-03");
  score(builder, odi, "50", "2026-11-03");
  EXPECT_EQ(course_of(builder).response, "worse");
}

TEST(Course, ABaselineIsTakenBeforeOrOnTheFirstVisitAndNotLongBefore) {
  for (const auto& [on, response] : {std::pair{"2026-09-14", "improved"},
                                     {"2026-08-15", "improved"},
                                     {"2026-08-14", "not_measured"},
                                     {"2026-09-15", "not_measured"}}) {
    auto builder = eight_weeks();
    score(builder, nrs, "7", on);
    score(builder, nrs, "4", "2026-11-03");
    EXPECT_EQ(course_of(builder).response, response) << on;
  }
}

TEST(Course, AScoreFromLongBeforeTheCheckPointDoesNotAnswerIt) {
  for (const auto& [on, state] : {std::pair{"2026-10-19", "done"}, {"2026-10-18", "due"}}) {
    auto builder = eight_weeks();
    score(builder, nrs, "7", "2026-09-14");
    score(builder, nrs, "4", on);
    EXPECT_EQ(point(course_of(builder), "K2").state, state) << on;
  }
}

TEST(Course, ANumberThatCannotBeAScoreIsNone) {
  EXPECT_EQ(response_to(nrs, "7", "11"), "not_measured");
  EXPECT_EQ(response_to(nrs, "70", "4"), "not_measured");
  auto bound = eight_weeks();
  score(bound, nrs, "7", "2026-09-14");
  bound.measure(loinc(nrs), "4", "{score}", "2026-11-03").quantity.comparator = "<";
  EXPECT_EQ(course_of(bound).response, "not_measured");
}

TEST(Course, NotImprovingAsksTheTableAndHoldsTheOrder) {
  auto builder = eight_weeks();
  score(builder, nrs, "7", "2026-09-14");
  score(builder, nrs, "6", "2026-11-03");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(assessment.course->action, "decision_table");
  EXPECT_EQ(assessment.course->decision->to, "conservative_other");
  EXPECT_FALSE(assessment.course->prepared);
  EXPECT_EQ(assessment.disposition, Disposition::hold);
  ASSERT_NE(test::missing(assessment, "course.K2"), nullptr);
  EXPECT_TRUE(test::missing(assessment, "course.K2")->blocks_acupuncture);
}

TEST(Course, TheHoldOfASurgeonBoundOrderIsNone) {
  auto builder = eight_weeks();
  score(builder, nrs, "7", "2026-09-14");
  score(builder, nrs, "7", "2026-11-03");
  builder.records().service_requests[0].code = snomed("770695002");
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(assessment.disposition, Disposition::route_surgeon);
  EXPECT_TRUE(assessment.course) << "the surgeon sees how it went";
}

TEST(Course, UnknownIsNotNoInTheTable) {
  auto builder = eight_weeks();
  builder.records().conditions[0].code = icd("M54.41");
  score(builder, nrs, "7", "2026-09-14");
  score(builder, nrs, "7", "2026-11-03");
  auto answers = test::all_no(test::rules());
  const auto decide = [&] {
    return *test::assess_one(builder.chart(), test::complete_history(), answers, test::now())
                .course->decision;
  };
  EXPECT_EQ(decide().to, "ask");
  ASSERT_EQ(decide().open.size(), 1U);
  EXPECT_EQ(decide().open[0].asks.size(), 3U);
  answers.push_back(test::answer("course.leg-dominant", "yes"));
  answers.push_back(test::answer("course.image-agrees", "yes"));
  answers.push_back(test::answer("course.consider-surgery", "yes", "2026-08-01"));
  EXPECT_EQ(decide().to, "ask") << "an answer of 111 days ago is too old";
  answers.back() = test::answer("course.consider-surgery", "no");
  EXPECT_EQ(decide().to, "conservative_other");
  answers.back() = test::answer("course.consider-surgery", "yes");
  EXPECT_EQ(decide().to, "surgeon");
}

TEST(Course, APainTypeThatNoRowNamesIsForAPerson) {
  auto builder = eight_weeks();
  builder.records().conditions[0].code = icd("M96.1");
  score(builder, nrs, "7", "2026-09-14");
  score(builder, nrs, "7", "2026-11-03");
  const auto decision = *course_of(builder).decision;
  EXPECT_EQ(decision.to, "hold");
  EXPECT_FALSE(decision.row);
}

TEST(CourseHolds, AnOrderForAnOperationHoldsAndAReferralDoesNot) {
  auto referred = with_visits({"2026-11-12"});
  referred.order(snomed("308482002"), "2026-11-15");
  EXPECT_TRUE(course_of(referred).holds.empty());
  auto ordered = with_visits({"2026-11-12"});
  auto& order = ordered.order(snomed("239542002"), "2026-11-15");
  order.occurrence.start = date("2026-12-20");
  EXPECT_EQ(course_of(ordered).holds.at(0).rule, "H1");
  order.status = "revoked";
  EXPECT_TRUE(course_of(ordered).holds.empty());
  order.status = "active";
  order.occurrence.start = date("2026-11-01");
  EXPECT_TRUE(course_of(ordered).holds.empty()) << "its day is past";
}

TEST(CourseHolds, AnotherAnticoagulantIsAChange) {
  auto builder = with_visits({"2026-11-02", "2026-11-12"});
  builder.medication(test::rxnorm("11289"), "2026-06-01");
  EXPECT_TRUE(course_of(builder).holds.empty());
  builder.medication(test::rxnorm("11289"), "2026-11-05");
  EXPECT_TRUE(course_of(builder).holds.empty()) << "the same again";
  builder.medication(test::rxnorm("1364430"), "2026-11-06");
  const auto course = course_of(builder);
  ASSERT_EQ(course.holds.size(), 1U);
  EXPECT_EQ(course.holds[0].evidence, std::vector<std::string>{"MedicationRequest/3"});
}

TEST(CourseHolds, ANamedPersonMaySignThem) {
  auto builder = with_visits({"2026-11-12"});
  builder.order(snomed("239542002"), "2026-11-15");
  auto assessment = test::assess_cleared(builder.chart());
  const auto holds = holds_of(assessment, test::rules(), false);
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_TRUE(holds[0].signable);
  SignOff signed_off{{{"H1", "missing", holds[0].entry.evidence}}, "Dr. Holm",  "surgeon",
                     "needling may go on until 1 December",        test::now(), test::now()};
  apply_sign_offs({signed_off}, test::rules(), test::now(), assessment);
  EXPECT_TRUE(holds_of(assessment, test::rules(), false).empty());
}

TEST(AdverseEvents, CountSoManyDaysAfterAVisit) {
  for (const auto& [on, count] :
       {std::pair{"2026-11-02", 1U}, {"2026-11-16", 1U}, {"2026-11-17", 0U}, {"2026-11-01", 0U}}) {
    auto builder = with_visits({"2026-11-02"});
    builder.condition(icd("J95.811"), on);
    EXPECT_EQ(course_of(builder).adverse_events.size(), count) << on;
  }
}

TEST(AdverseEvents, ANeedleLeftBehindIsSerious) {
  auto builder = with_visits({"2026-11-12"});
  builder.condition(icd("T81.508A"), "2026-11-14");
  EXPECT_EQ(course_of(builder).adverse_events.at(0).grade, "serious");
}

TEST(AdverseEvents, RefutedAndDeniedOnesAreNone) {
  auto builder = with_visits({"2026-11-12"});
  builder.condition(icd("J95.811"), "2026-11-13").verification_status = "refuted";
  builder
      .observation(Concept{{{"http://meridian-referral.org/fhir/CodeSystem/adverse-event",
                             "adverse-event", ""}},
                           ""},
                   "2026-11-12")
      .concept_value = test::words("no");
  EXPECT_TRUE(course_of(builder).adverse_events.empty());
}

TEST(AdverseEvents, AResourceOfItsOwnIsOneWhateverItsCode) {
  auto builder = with_visits({"2026-11-12"});
  auto& event = builder.condition(test::words("dizzy on standing up"), "2026-11-19");
  event.categories = {Concept{{{"http://hl7.org/fhir/resource-types", "AdverseEvent", ""}}, ""}};
  EXPECT_EQ(course_of(builder).adverse_events.at(0).grade, "not_graded");
  event.severity = Concept{
      {{"http://terminology.hl7.org/CodeSystem/adverse-event-severity", "moderate", ""}}, ""};
  EXPECT_EQ(course_of(builder).adverse_events.at(0).grade, "moderate");
  event.categories.push_back(Concept{
      {{"http://terminology.hl7.org/CodeSystem/adverse-event-seriousness", "Serious", ""}}, ""});
  EXPECT_EQ(course_of(builder).adverse_events.at(0).grade, "serious") << "the worse one counts";
  event.verification_status = "refuted";
  EXPECT_TRUE(course_of(builder).adverse_events.empty()) << "it only might have happened";
}

TEST(AdverseEvents, WhatNobodyGradedIsShownAsSuch) {
  auto builder = with_visits({"2026-11-12"});
  builder
      .observation(Concept{{{"http://meridian-referral.org/fhir/CodeSystem/adverse-event",
                             "adverse-event", ""}},
                           ""},
                   "2026-11-12")
      .text = Sensitive<std::string>("needle bent, removed");
  EXPECT_EQ(course_of(builder).adverse_events.at(0).grade, "not_graded");
}

TEST(AdverseEvents, ASeriousOneInAMessageRaisesTheAlertWithoutAHistory) {
  ChartBuilder message;
  message
      .observation(Concept{{{"http://meridian-referral.org/fhir/CodeSystem/adverse-event",
                             "adverse-event", ""}},
                           ""},
                   "2026-11-19")
      .concept_value = snomed("24484000");
  const auto flags =
      emergency_flags(message.chart(), test::rules(), test::terminology(), test::now());
  ASSERT_EQ(flags.size(), 1U);
  EXPECT_EQ(flags[0].rule, "adverse.serious");
  EXPECT_FALSE(flags[0].action.empty());
  message.records().observations[0].effective = date("2026-10-01");
  EXPECT_TRUE(
      emergency_flags(message.chart(), test::rules(), test::terminology(), test::now()).empty())
      << "of seven weeks ago";
}

}  // namespace
}  // namespace meridian
