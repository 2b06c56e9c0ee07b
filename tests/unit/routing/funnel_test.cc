// SPDX-License-Identifier: Apache-2.0
#include "routing/funnel.h"

#include <gtest/gtest.h>

namespace meridian::routing {
namespace {

using std::chrono::hours;

const Instant start = *parse_instant("2026-11-02T08:00:00Z");

DatedEvent after(int hour, EventKind kind) {
  return {kind, start + hours(hour)};
}

TEST(AJourney, GoesAsFarAsItsLastStepAndKeepsTheFirstTimeOfEach) {
  const auto journey = journey_of(
      {after(0, EventKind::ordered), after(1, EventKind::released), after(2, EventKind::sent),
       after(3, EventKind::clinic_declined), after(4, EventKind::released),
       after(5, EventKind::sent), after(9, EventKind::clinic_accepted)},
      "accepted");
  EXPECT_EQ(journey.farthest, Step::accepted);
  EXPECT_EQ(journey.at[static_cast<std::size_t>(Step::sent)], start + hours(1));
  EXPECT_EQ(journey.at[static_cast<std::size_t>(Step::accepted)], start + hours(9));
}

TEST(AJourney, IsTheSameInWhicheverOrderItsEventsAre) {
  const auto journey = journey_of({after(9, EventKind::clinic_accepted), after(2, EventKind::sent),
                                   after(0, EventKind::ordered), after(5, EventKind::ordered)},
                                  "accepted");
  EXPECT_EQ(journey.farthest, Step::accepted);
  EXPECT_EQ(journey.at[0], start);
}

TEST(AFunnel, CountsAStepThatOnlyALaterOneProvesAndGivesItNoTime) {
  // The clinic never said that it scheduled; a visit proves it.
  const auto walked = journey_of(
      {after(0, EventKind::ordered), after(1, EventKind::released), after(2, EventKind::sent),
       after(4, EventKind::clinic_accepted), after(100, EventKind::clinic_visited)},
      "in_course");
  const auto held = journey_of({after(0, EventKind::ordered), after(1, EventKind::held)}, "held");
  const auto funnel = funnel_of({walked, held, held});
  const auto at = [&](Step step) { return funnel[static_cast<std::size_t>(step)]; };
  EXPECT_EQ(at(Step::ordered).reached, 3);
  EXPECT_EQ(at(Step::ordered).standing, (std::map<std::string, int>{{"held", 2}}));
  EXPECT_EQ(at(Step::scheduled).reached, 1);
  EXPECT_EQ(at(Step::scheduled).median, std::nullopt);
  EXPECT_EQ(at(Step::visited).reached, 1);
  EXPECT_EQ(at(Step::visited).median, std::nullopt) << "the step before has no time";
  EXPECT_EQ(at(Step::accepted).median, hours(2));
  EXPECT_EQ(at(Step::visited).standing, (std::map<std::string, int>{{"in_course", 1}}));
  EXPECT_EQ(at(Step::in_record).reached, 0);
}

TEST(AFunnel, GivesTheTimesOfHalfAndOfNineInTen) {
  std::vector<Journey> journeys;
  for (int i = 1; i <= 10; ++i) {
    journeys.push_back(
        journey_of({after(0, EventKind::ordered), after(i, EventKind::released)}, "sending"));
  }
  const auto sent = funnel_of(journeys)[static_cast<std::size_t>(Step::sent)];
  EXPECT_EQ(sent.median, hours(5));
  EXPECT_EQ(sent.ninety, hours(9));
}

TEST(AFunnel, TakesAClockThatIsBehindForNoTime) {
  const auto journey =
      journey_of({after(5, EventKind::sent), after(3, EventKind::clinic_accepted)}, "accepted");
  EXPECT_EQ(funnel_of({journey})[static_cast<std::size_t>(Step::accepted)].median, hours(0));
}

TEST(AFunnel, OfNobodyIsEmpty) {
  for (const auto& step : funnel_of({})) {
    EXPECT_EQ(step.reached, 0);
    EXPECT_EQ(step.median, std::nullopt);
  }
}

TEST(AFunnel, CountsTheTimeToADecisionFromTheDeliveryWhereNobodyToldOfALook) {
  const auto told = journey_of(
      {after(0, EventKind::ordered), after(0, EventKind::released), after(1, EventKind::sent),
       after(3, EventKind::clinic_opened), after(10, EventKind::clinic_accepted)},
      "accepted");
  const auto untold = journey_of({after(0, EventKind::ordered), after(0, EventKind::released),
                                  after(1, EventKind::sent), after(6, EventKind::clinic_accepted)},
                                 "accepted");
  const auto accepted = static_cast<std::size_t>(Step::accepted);
  EXPECT_EQ(funnel_of({told})[accepted].median, hours(7));
  EXPECT_EQ(funnel_of({untold})[accepted].median, hours(5));
}

TEST(AFunnel, SaysWhyThoseThatComeNoFartherDoNot) {
  const auto held = journey_of(
      {after(0, EventKind::ordered), {EventKind::held, start, {"RF07", "AC02"}}}, "held");
  const auto went_on = journey_of({after(0, EventKind::ordered),
                                   {EventKind::held, start, {"RF07"}},
                                   after(1, EventKind::released)},
                                  "sending");
  const auto declined = journey_of({after(0, EventKind::ordered),
                                    after(1, EventKind::released),
                                    {EventKind::clinic_declined, start, {"no-capacity"}}},
                                   "declined");
  const auto funnel = funnel_of({held, went_on, declined});
  using Reasons = std::map<std::string, int>;
  EXPECT_EQ(funnel[0].reasons, (Reasons{{"AC02", 1}, {"RF07", 1}}));
  EXPECT_EQ(funnel[static_cast<std::size_t>(Step::sent)].reasons, Reasons());
  EXPECT_EQ(funnel[static_cast<std::size_t>(Step::opened)].reasons, (Reasons{{"no-capacity", 1}}))
      << "who declines has looked at it";
}

Journey written_back(bool tells_read, std::optional<int> read_after) {
  std::vector<DatedEvent> events = {after(0, EventKind::ordered),
                                    after(1, EventKind::clinic_reported),
                                    after(2, EventKind::written_back)};
  if (read_after) events.push_back(after(*read_after, EventKind::report_read));
  auto journey = journey_of(events, "closed");
  journey.tells_read = tells_read;
  return journey;
}

TEST(AFunnel, TellsReadFromUnreadAndBothFromNotKnown) {
  const auto read = funnel_of({written_back(true, 5), written_back(true, std::nullopt),
                               written_back(false, std::nullopt),
                               written_back(false, 6)})[static_cast<std::size_t>(Step::read)];
  EXPECT_EQ(read.reached, 2) << "who was seen reading read, whatever else is known of that side";
  EXPECT_EQ(read.not_known, 1);
  EXPECT_EQ(read.ninety, hours(4));
  EXPECT_FALSE(is_unknown(read));
}

TEST(AFunnel, SaysThatNothingIsKnownOfReadingWhereNobodyTells) {
  const auto funnel = funnel_of({written_back(false, std::nullopt)});
  EXPECT_TRUE(is_unknown(funnel[static_cast<std::size_t>(Step::read)]));
  EXPECT_EQ(funnel[static_cast<std::size_t>(Step::in_record)].reached, 1);
  const auto ordered = journey_of({after(0, EventKind::ordered)}, "held");
  for (const auto& step : funnel_of({ordered})) EXPECT_EQ(step.not_known, 0);
}

TEST(AFunnel, ReadingAReportThatWaitsForItsWayDoesNotPutItIntoTheRecord) {
  const auto funnel =
      funnel_of({journey_of({after(0, EventKind::ordered), after(1, EventKind::clinic_reported),
                             after(2, EventKind::report_read)},
                            "reported")});
  EXPECT_EQ(funnel[static_cast<std::size_t>(Step::reported)].reached, 1);
  EXPECT_EQ(funnel[static_cast<std::size_t>(Step::in_record)].reached, 0);
  EXPECT_EQ(funnel[static_cast<std::size_t>(Step::read)].reached, 0);
}

}  // namespace
}  // namespace meridian::routing
