// SPDX-License-Identifier: Apache-2.0
// The fold of a referral's events.
#include "routing/standing.h"

#include <algorithm>
#include <tuple>

#include <gtest/gtest.h>

#include "base/read_file.h"
#include "places.h"

namespace meridian::routing {
namespace {

TEST(Fold, FollowsAReferralFromOrderToClosure) {
  std::vector<Event> events;
  const auto after = [&](EventKind kind, const char* sequence) {
    events.push_back({kind, sequence});
    return fold(events);
  };
  EXPECT_EQ(after(EventKind::ordered, "1"), State::noted);
  EXPECT_EQ(after(EventKind::held, "1"), State::held);
  EXPECT_EQ(after(EventKind::released, "2"), State::sending);
  EXPECT_EQ(after(EventKind::sent, "3"), State::delivered);
  EXPECT_EQ(after(EventKind::clinic_accepted, "2"), State::accepted);
  EXPECT_EQ(after(EventKind::clinic_scheduled, "3"), State::scheduled);
  EXPECT_EQ(after(EventKind::clinic_visited, "4"), State::in_course);
  EXPECT_EQ(after(EventKind::clinic_reported, "5"), State::reported);
  EXPECT_EQ(after(EventKind::written_back, "4"), State::closed);
}

TEST(Fold, AReportThatIsToBeReadIsClosedOnceItIs) {
  const std::vector<Event> told = {{EventKind::ordered, "1"},
                                   {EventKind::released, "1", "willow"},
                                   {EventKind::clinic_reported, "5", "willow"},
                                   {EventKind::written_back, "4"}};
  EXPECT_EQ(fold(told), State::closed) << "where nobody asks";
  auto asked = told;
  asked.push_back({EventKind::reading_asked, "5"});
  EXPECT_EQ(fold(asked), State::unread);
  for (const auto kind : {EventKind::report_read, EventKind::reading_waived}) {
    auto settled = asked;
    settled.push_back({kind, "1"});
    EXPECT_EQ(fold(settled), State::closed);
    std::reverse(settled.begin(), settled.end());
    EXPECT_EQ(fold(settled), State::closed) << "read before it was in the record";
  }
  EXPECT_TRUE(is_over(State::unread)) << "nothing more happens to the patient by it";
  EXPECT_FALSE(is_final(State::unread)) << "somebody has it to read";
}

TEST(Fold, EveryArrivalOrderEndsInTheSameState) {
  // Crossing messages: a cancel, an acceptance, and an outcome (BSeR TID 24: the outcome wins).
  const std::vector<std::vector<Event>> stories = {
      {{EventKind::ordered, "1"},
       {EventKind::released, "1"},
       {EventKind::sent, "2"},
       {EventKind::revoked, "2"},
       {EventKind::clinic_accepted, "1"},
       {EventKind::clinic_reported, "2"}},
      {{EventKind::ordered, "1"},
       {EventKind::held, "1"},
       {EventKind::answered, "9"},
       {EventKind::released, "2"},
       {EventKind::sent, "3"},
       {EventKind::clinic_declined, "4"}},
      {{EventKind::ordered, "1"},
       {EventKind::emergency, "1"},
       {EventKind::alert_acknowledged, "1"},
       {EventKind::clinic_received, "1"},
       {EventKind::clinic_accepted, "1"},
       {EventKind::entered_in_error, "3"}},
  };
  for (auto story : stories) {
    const State expected = fold(story);
    std::vector<std::size_t> order(story.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      std::vector<Event> shuffled;
      for (const auto i : order) shuffled.push_back(story[i]);
      ASSERT_EQ(fold(shuffled), expected);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST(Fold, ALateMessageOfAnActorDoesNotTurnThatActorBack) {
  const std::vector<Event> events = {{EventKind::sent, "1"},
                                     {EventKind::clinic_scheduled, "0003"},
                                     {EventKind::clinic_accepted, "0002"}};
  EXPECT_EQ(fold(events), State::scheduled);
}

TEST(Fold, AnOfferToTheNextClinicLeavesTheFirstBehind) {
  std::vector<Event> events;
  const auto after = [&](Event event) {
    events.push_back(std::move(event));
    return fold(events);
  };
  after({EventKind::released, "1", "willow"});
  after({EventKind::sent, "2", "willow"});
  EXPECT_EQ(after({EventKind::clinic_declined, "1", "willow"}), State::declined);
  EXPECT_EQ(after({EventKind::released, "4", "birch"}), State::sending);
  EXPECT_EQ(after({EventKind::clinic_accepted, "2", "willow"}), State::sending) << "too late";
  EXPECT_EQ(after({EventKind::sent, "5", "birch"}), State::delivered);
  EXPECT_EQ(after({EventKind::sent, "6", "willow"}), State::delivered) << "an old try settled late";
  EXPECT_EQ(after({EventKind::clinic_accepted, "1", "birch"}), State::accepted);
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tie(a.kind, a.offer) > std::tie(b.kind, b.offer);
  });
  EXPECT_EQ(fold(events), State::accepted) << "in any order";
}

TEST(Fold, ACancelAsksOnlyTheClinicThatHasIt) {
  const std::vector<Event> events = {{EventKind::released, "1", "willow"},
                                     {EventKind::sent, "2", "willow"},
                                     {EventKind::clinic_declined, "1", "willow"},
                                     {EventKind::released, "4", "birch"},
                                     {EventKind::revoked, "5"}};
  EXPECT_EQ(fold(events), State::cancelled) << "birch never got it";
}

TEST(Reopened, IsAMarkBesideTheStateAndEveryOrderEndsInTheSame) {
  std::vector<Event> story = {
      {EventKind::ordered, "1"},        {EventKind::released, "1", "willow"},
      {EventKind::sent, "2", "willow"}, {EventKind::clinic_accepted, "1", "willow"},
      {EventKind::reopened, "3"},       {EventKind::clinic_scheduled, "2", "willow"}};
  const auto in_every_order = [](std::vector<Event> events, State state, bool reopened) {
    std::vector<std::size_t> order(events.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      std::vector<Event> shuffled;
      for (const auto i : order) shuffled.push_back(events[i]);
      ASSERT_EQ(fold(shuffled), state);
      ASSERT_EQ(is_reopened(shuffled), reopened);
    } while (std::next_permutation(order.begin(), order.end()));
  };
  in_every_order(story, State::scheduled, true);
  story.push_back({EventKind::confirmed, "4"});
  in_every_order(story, State::scheduled, false);
  story.back() = {EventKind::released, "4", "birch"};
  in_every_order(story, State::sending, false);
  story.back() = {EventKind::revoked, "2"};
  in_every_order(story, State::cancel_asked, false);
  story.back() = {EventKind::clinic_reported, "3", "willow"};
  in_every_order(story, State::reported, false);
}

TEST(Reopened, IsAPersonsTurnWhateverTheClinicDoes) {
  for (const auto state : {State::delivered, State::accepted, State::scheduled, State::in_course}) {
    ASSERT_TRUE(is_with_clinic(state));
    EXPECT_EQ(turn_of(state, true).owner, "surgeon");
    EXPECT_EQ(turn_of(state, true).worklist, "decision-reopened");
    EXPECT_EQ(turn_of(state).owner, "clinic");
  }
}

TEST(Reopened, AHoldBeforeTheNextOfferEndsIt) {
  EXPECT_FALSE(is_reopened({{EventKind::released, "1", "willow"},
                            {EventKind::sent, "2", "willow"},
                            {EventKind::reopened, "3"},
                            {EventKind::held, "4"}}));
}

TEST(Fold, ACancelAfterSendingWaitsForTheClinic) {
  std::vector<Event> events = {{EventKind::sent, "1"}, {EventKind::revoked, "2"}};
  EXPECT_EQ(fold(events), State::cancel_asked);
  events.push_back({EventKind::clinic_cancelled, "2"});
  EXPECT_EQ(fold(events), State::cancelled);
}

TEST(Fold, ACancelNeedsNoConfirmationOfWhoDeclined) {
  EXPECT_EQ(fold({{EventKind::released, "1", "willow"},
                  {EventKind::sent, "2", "willow"},
                  {EventKind::clinic_declined, "1", "willow"},
                  {EventKind::revoked, "2"}}),
            State::cancelled);
}

/// A packet under way arrives although a hold came: the clinic has it, and must be told.
TEST(Fold, ADeliveryThatOvertakesAHoldIsOne) {
  EXPECT_EQ(fold({{EventKind::released, "1", "willow"},
                  {EventKind::held, "2"},
                  {EventKind::sent, "3", "willow"}}),
            State::delivered);
}

/// A packet under way settles after the alarm was raised.
TEST(Fold, ALateDeliveryHidesNoEmergency) {
  EXPECT_EQ(fold({{EventKind::released, "1", "willow"},
                  {EventKind::emergency, "2"},
                  {EventKind::sent, "3", "willow"}}),
            State::emergency);
}

TEST(Fold, ARevokedOrderHidesNoAlarmBeforeItIsKnown) {
  std::vector<Event> events = {{EventKind::ordered, "1"}, {EventKind::emergency, "1"}};
  events.push_back({EventKind::revoked, "2"});
  EXPECT_EQ(fold(events), State::emergency);
  events.push_back({EventKind::alert_acknowledged, "2"});
  EXPECT_EQ(fold(events), State::cancelled);
}

TEST(Fold, APauseEndsWhereItBegan) {
  std::vector<Event> events = {{EventKind::released, "1", "willow"},
                               {EventKind::clinic_visited, "1", "willow"},
                               {EventKind::clinic_on_hold, "2", "willow"}};
  EXPECT_EQ(fold(events), State::on_hold);
  events.push_back({EventKind::clinic_accepted, "3", "willow"});
  EXPECT_EQ(fold(events), State::in_course) << "a plain in-progress";
  events.push_back({EventKind::order_on_hold, "2"});
  EXPECT_EQ(fold(events), State::on_hold) << "surgery was planned";
  events.push_back({EventKind::ordered, "3"});
  EXPECT_EQ(fold(events), State::in_course);
}

TEST(Fold, AnAnswerIsToTheQuestionThatWasAsked) {
  std::vector<Event> events = {{EventKind::released, "1", "willow"},
                               {EventKind::clinic_asked, "1", "willow"}};
  EXPECT_EQ(fold(events), State::need_info);
  EXPECT_EQ(open_question(events), "1");
  events.push_back({EventKind::replied, "1"});
  EXPECT_EQ(fold(events), State::in_triage);
  EXPECT_EQ(open_question(events), "");
  events.push_back({EventKind::clinic_asked, "2", "willow"});
  EXPECT_EQ(fold(events), State::need_info) << "the next question";
}

TEST(Fold, ARedFlagOfTheClinicStaysUntilItIsKnown) {
  std::vector<Event> events = {{EventKind::released, "1", "willow"},
                               {EventKind::clinic_scheduled, "1", "willow"},
                               {EventKind::clinic_safety_return, "2", "willow"}};
  EXPECT_EQ(fold(events), State::safety_return);
  events.push_back({EventKind::clinic_accepted, "3", "willow"});
  EXPECT_EQ(fold(events), State::safety_return) << "whatever the clinic does meanwhile";
  EXPECT_EQ(without_effect(events), (std::vector<bool>{false, false, false, true}));
  events.push_back({EventKind::safety_acknowledged, "2", "willow"});
  EXPECT_EQ(fold(events), State::safety_known);
}

TEST(Fold, ALateWordIsNoContradiction) {
  std::vector<Event> events = {{EventKind::released, "1", "willow"},
                               {EventKind::clinic_scheduled, "2", "willow"},
                               {EventKind::clinic_accepted, "3", "willow"}};
  EXPECT_EQ(without_effect(events).back(), true);
  EXPECT_FALSE(ends_illegally(events)) << "the booking said that it accepts";
  events.push_back({EventKind::clinic_reported, "4", "willow"});
  EXPECT_FALSE(ends_illegally(events));
  events.push_back({EventKind::clinic_scheduled, "5", "willow"});
  EXPECT_TRUE(ends_illegally(events)) << "nothing is booked after the last report";
  events.push_back({EventKind::clinic_visited, "3.5", "willow"});
  EXPECT_FALSE(ends_illegally(events)) << "it came late, and was legal when it was said";
  EXPECT_FALSE(ends_illegally(
      {{EventKind::released, "1", "willow"}, {EventKind::clinic_scheduled, "1", "birch"}}))
      << "another clinic's word is answered by a letter";
  EXPECT_FALSE(ends_illegally({}));
}

TEST(Recall, IsOverWhenEveryReceiverThatGotItConfirmed) {
  std::vector<Event> events = {{EventKind::released, "1", "willow"},
                               {EventKind::sent, "2", "willow"},
                               {EventKind::clinic_declined, "1", "willow"},
                               {EventKind::released, "3", "birch"},
                               {EventKind::sent, "4", "birch"},
                               {EventKind::entered_in_error, "9"}};
  EXPECT_EQ(fold(events), State::recall_asked);
  EXPECT_EQ(unconfirmed_recalls(events), (std::vector<std::string>{"birch", "willow"}));
  events.push_back({EventKind::clinic_recalled, "2", "birch"});
  EXPECT_EQ(fold(events), State::recall_asked) << "willow has a copy too";
  events.push_back({EventKind::recall_confirmed, "5", "willow"});
  EXPECT_EQ(fold(events), State::entered_in_error);
  EXPECT_EQ(fold({{EventKind::held, "1"}, {EventKind::entered_in_error, "2"}}),
            State::entered_in_error)
      << "nobody has it";
}

TEST(Fold, ACancelBeforeSendingIsFinal) {
  EXPECT_EQ(fold({{EventKind::held, "1"}, {EventKind::revoked, "2"}}), State::cancelled);
}

TEST(Events, HaveNamesThatAreReadBack) {
  for (int i = 0; i < event_count; ++i) {
    const auto kind = static_cast<EventKind>(i);
    EXPECT_EQ(event_named(event_name(kind)), kind);
  }
  EXPECT_FALSE(event_named("no such event"));
}

/// Task.businessStatus is coded with these words.
TEST(State, EveryNameIsACodeOfTheGuide) {
  const auto codes = read_file(std::string(test::source_folder) +
                               "/fhir-profiles/guide/codesystems/CodeSystem-referral-state.json");
  ASSERT_TRUE(codes);
  for (int i = 0; i < state_count; ++i) {
    const std::string name = state_name(static_cast<State>(i));
    EXPECT_NE(codes->find("\"code\": \"" + name + "\""), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace meridian::routing
