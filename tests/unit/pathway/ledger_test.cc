// SPDX-License-Identifier: Apache-2.0
// Visits authorised, scheduled, used and remaining.
#include "pathway/course/ledger.h"

#include <gtest/gtest.h>

#include "pathway/course/course.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::date;
using test::snomed;

CoverageProgram program(int visits, int within_days, int extension, int yearly) {
  CoverageProgram program;
  program.id = "PLAN";
  program.source = "SELF";
  program.visits = visits;
  program.within_days = within_days;
  program.extension_visits = extension;
  program.yearly_visits = yearly;
  return program;
}

/// The first weekly visit on that day, so many of them.
ChartBuilder weekly(const char* first, int count) {
  ChartBuilder builder;
  const auto day = *parse_day(first);
  for (int i = 0; i < count; ++i) {
    builder.procedure(snomed("44868003"), to_string(day + std::chrono::days(7 * i)));
  }
  return builder;
}

void book(ChartBuilder& builder, const char* start, const char* status = "booked") {
  auto& appointment = builder.records().appointments.emplace_back();
  appointment.ref = "Appointment/" + std::to_string(builder.records().appointments.size());
  appointment.status = status;
  appointment.start = date(start);
  appointment.service_types = {snomed("44868003")};
}

Allowance count(const ChartBuilder& builder, const CoverageProgram& plan,
                const std::string& response = {}) {
  const RuleContext context(builder.chart(), test::rules(), test::terminology(), {}, test::now());
  const auto visits = visits_of(context);
  Course course;
  course.response = response;
  course.action = response == "unchanged" || response == "worse" ? "decision_table" : "continue";
  const auto ledger =
      visit_ledger({context, visits, {&plan}, response.empty() ? nullptr : &course, nullptr});
  return ledger.allowances.at(0);
}

TEST(Ledger, TheFirstPhaseCountsItsFirstDay) {
  const auto ncd = program(12, 90, 8, 20);
  // 2026-08-24 is day 1, 2026-11-21 day 90.
  const auto last_day = count(weekly("2026-08-24", 5), ncd);
  EXPECT_EQ(to_string(*last_day.phase_until), "2026-11-21");
  EXPECT_EQ(last_day.status, "covered");
  EXPECT_EQ(last_day.remaining, 7);
  const auto day_after = count(weekly("2026-08-23", 5), ncd);
  EXPECT_EQ(day_after.status, "uncertain");
  EXPECT_EQ(day_after.remaining, 0) << "the seven that were not taken are gone";
  EXPECT_EQ(day_after.remaining_if_improving, 8);
}

TEST(Ledger, FurtherVisitsNeedImprovement) {
  const auto ncd = program(12, 90, 8, 20);
  const auto twelve = weekly("2026-09-01", 12);
  EXPECT_EQ(count(twelve, ncd).status, "uncertain");
  EXPECT_EQ(count(twelve, ncd, "not_measured").status, "uncertain");
  EXPECT_EQ(count(twelve, ncd, "improved").status, "covered");
  EXPECT_EQ(count(twelve, ncd, "improved").remaining, 8);
  EXPECT_EQ(count(twelve, ncd, "unchanged").status, "not_covered");
  EXPECT_EQ(count(twelve, ncd, "worse").status, "not_covered");
}

TEST(Ledger, StopsForAPatientWhoDoesNotImproveWhereTheProgrammeSaysSo) {
  auto plan = program(12, 90, 8, 20);
  EXPECT_EQ(count(weekly("2026-10-01", 8), plan, "unchanged").status, "covered");
  plan.stop_when_not_improving = true;
  EXPECT_EQ(count(weekly("2026-10-01", 8), plan, "unchanged").status, "not_covered");
  EXPECT_EQ(count(weekly("2026-10-01", 8), plan, "unchanged").remaining, 0);
}

TEST(Ledger, AVisitOfAYearAgoCountsNoMore) {
  const auto plan = program(0, 0, 0, 20);
  // Judged for tomorrow, 2026-11-21: 2025-11-22 is the first day that counts.
  EXPECT_EQ(count(weekly("2025-11-22", 1), plan).used, 1);
  EXPECT_EQ(count(weekly("2025-11-21", 1), plan).used, 0);
  EXPECT_EQ(count(weekly("2026-06-01", 20), plan).status, "not_covered");
  EXPECT_EQ(count(weekly("2026-06-01", 19), plan).status, "covered");
  EXPECT_EQ(count(weekly("2026-06-01", 19), plan).remaining, 1);
}

TEST(Ledger, ElevenFullMonthsPassAfterTheMonthOfTheFirstVisit) {
  auto plan = program(0, 0, 0, 20);
  plan.yearly_reset = "eleven_full_months";
  // December 2025 to October 2026 are eleven months: the year that began in November is over.
  EXPECT_EQ(count(weekly("2025-11-29", 1), plan).used, 0);
  EXPECT_EQ(count(weekly("2025-12-01", 1), plan).used, 1);
  EXPECT_EQ(to_string(*count(weekly("2025-12-01", 1), plan).year_until), "2026-11-30");
}

TEST(Ledger, APlanMayCountByCalendarYear) {
  auto plan = program(0, 0, 0, 20);
  plan.yearly_reset = "calendar_year";
  const auto found = count(weekly("2025-12-26", 3), plan);
  EXPECT_EQ(found.used, 2);
  EXPECT_EQ(to_string(*found.year_until), "2026-12-31");
}

TEST(Ledger, WithoutAYearTheRunningCourseCounts) {
  const auto va = program(12, 60, 0, 0);
  auto builder = weekly("2026-02-02", 12);
  builder.procedure(snomed("44868003"), "2026-11-10");
  const auto found = count(builder, va);
  EXPECT_EQ(found.used, 1) << "the twelve of winter were another course";
  EXPECT_EQ(found.status, "covered");
  EXPECT_EQ(found.remaining, 11);
}

TEST(Ledger, BookedVisitsAreJudgedOneAfterTheOther) {
  auto builder = weekly("2026-10-12", 5);
  book(builder, "2026-12-01T15:00:00Z");
  book(builder, "2026-11-24T15:00:00Z");
  book(builder, "2026-11-25T15:00:00Z", "cancelled");
  const auto found = count(builder, program(6, 60, 0, 0));
  ASSERT_EQ(found.booked.size(), 2U);
  EXPECT_EQ(found.booked[0].ref, "Appointment/2");
  EXPECT_EQ(found.booked[0].status, "covered");
  EXPECT_EQ(found.booked[1].number, 7);
  EXPECT_EQ(found.booked[1].status, "not_covered");
  EXPECT_EQ(found.status, "covered") << "of the next one";
  EXPECT_NE(found.text.find("2026-11-24"), std::string::npos) << found.text;
}

TEST(Ledger, AVisitThatTookPlaceIsUsedWithOrWithoutANote) {
  auto builder = weekly("2026-11-02", 1);
  book(builder, "2026-11-02T15:00:00Z", "fulfilled");
  book(builder, "2026-11-09T15:00:00Z", "fulfilled");
  book(builder, "2026-11-16T15:00:00Z", "noshow");
  EXPECT_EQ(count(builder, program(12, 90, 8, 20)).used, 2);
}

TEST(Ledger, TheDayIsTheOneThatWasWritten) {
  ChartBuilder builder;
  builder.procedure(snomed("44868003"), "2026-11-02T20:00:00-06:00");
  builder.procedure(snomed("44868003"), "2026-11-02");
  EXPECT_EQ(count(builder, program(12, 90, 8, 20)).used, 1);
}

TEST(Ledger, AnAuthorisationHasItsOwnNumberAndEnd) {
  auto builder = weekly("2026-10-12", 5);
  auto& order = builder.order(snomed("183608005"));
  order.authorizations.resize(1);
  order.authorizations[0].visits = 6;
  order.authorizations[0].period = {date("2026-10-01"), date("2026-12-31")};
  book(builder, "2026-11-24T15:00:00Z");
  book(builder, "2026-12-01T15:00:00Z");
  const auto judge = [&] {
    const RuleContext context(builder.chart(), test::rules(), test::terminology(), {}, test::now());
    const auto visits = visits_of(context);
    return visit_ledger(
               {context, visits, {}, nullptr, &builder.chart().records.service_requests[0]})
        .allowances.at(0);
  };
  EXPECT_EQ(judge().authorised, 6);
  EXPECT_EQ(judge().used, 5);
  EXPECT_EQ(judge().remaining, 1);
  EXPECT_EQ(judge().status, "covered");
  EXPECT_EQ(judge().booked.at(1).status, "not_covered");
  order.authorizations[0].period.end = date("2026-11-20");
  EXPECT_EQ(judge().status, "not_covered") << "it ended before the next visit";
  order.authorizations[0].period.end = date("2026-12-31");
  order.authorizations[0].visits.reset();
  EXPECT_EQ(judge().status, "uncertain") << "no number was stated";
}

TEST(Ledger, WithoutAPlanNothingIsKnown) {
  const auto builder = weekly("2026-10-12", 5);
  const RuleContext context(builder.chart(), test::rules(), test::terminology(), {}, test::now());
  const auto visits = visits_of(context);
  const auto ledger = visit_ledger({context, visits, {}, nullptr, nullptr});
  ASSERT_EQ(ledger.allowances.size(), 1U);
  EXPECT_EQ(ledger.allowances[0].status, "unknown");
  EXPECT_EQ(ledger.used, 5);
}

TEST(Ledger, AnEncounterOfThatTypeIsAVisitAndOneThatWasCancelledIsNone) {
  ChartBuilder builder;
  builder.procedure(snomed("44868003"), "2026-11-02");
  const auto meet = [&](const char* day, const char* status, const char* type) {
    auto& encounter = builder.encounter(day, day);
    encounter.status = status;
    encounter.types = {snomed(type)};
  };
  meet("2026-11-02", "finished", "44868003");  // the same day is the same visit
  meet("2026-11-05", "finished", "44868003");
  meet("2026-11-06", "cancelled", "44868003");
  meet("2026-11-07", "planned", "44868003");
  meet("2026-11-08", "finished", "185349003");
  meet("2026-12-05", "finished", "44868003");
  const RuleContext context(builder.chart(), test::rules(), test::terminology(), {}, test::now());
  const auto visits = visits_of(context);
  ASSERT_EQ(visits.used.size(), 2U);
  EXPECT_TRUE(visits.used.contains(*parse_day("2026-11-05")));
}

TEST(Ledger, TheNumberThatWasOrderedIsCountedAndPromisesNoCover) {
  auto builder = test::plain_acupuncture_order();
  auto& order = builder.records().service_requests[0];
  order.authored = date("2026-11-01");
  order.quantity = {"2", "visits", "", "", ""};
  builder.procedure(snomed("44868003"), "2026-10-30");
  builder.procedure(snomed("44868003"), "2026-11-02");
  const auto allowances = [&] { return test::assess_cleared(builder.chart()).ledger->allowances; };
  const auto asked = allowances().back();
  EXPECT_EQ(asked.rule, "order");
  EXPECT_EQ(asked.status, "unknown");
  EXPECT_EQ(asked.limit, 2);
  EXPECT_EQ(asked.used, 1) << "since the order";
  EXPECT_EQ(asked.remaining, 1);
  EXPECT_EQ(asked.evidence, std::vector<std::string>{order.ref});
  builder.procedure(snomed("44868003"), "2026-11-04");
  EXPECT_NE(allowances().back().text.find("more than were ordered"), std::string::npos);
  for (const auto& quantity : {Quantity{"90", "min", "min", "http://unitsofmeasure.org", ""},
                               Quantity{"2.5", "visits", "", "", ""}, Quantity{}}) {
    builder.records().service_requests[0].quantity = quantity;
    EXPECT_NE(allowances().back().rule, "order") << quantity.value << quantity.unit;
  }
}

TEST(Ledger, PastTheLimitIsNotCoveredAndChangesNoLane) {
  auto builder = test::plain_acupuncture_order();
  builder.records().conditions[0].onset = date("2026-03-01");
  builder.coverage("Veterans Affairs");
  for (int day = 10; day <= 21; ++day) {
    builder.procedure(snomed("44868003"), "2026-10-" + std::to_string(day));
  }
  const auto assessment = test::assess_cleared(builder.chart());
  EXPECT_EQ(test::coverage(assessment, "VA_COMMUNITY_CARE")->status, "not_covered");
  EXPECT_EQ(test::coverage(assessment, "visits")->status, "not_covered");
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
}

}  // namespace
}  // namespace meridian
