// SPDX-License-Identifier: Apache-2.0
// The table of the state machine, walked: nothing is unreachable, stuck, or without owner and
// clock.
#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "routing/legal.h"
#include "routing/standing.h"

namespace meridian::routing {
namespace {

/// One way to each state: the events that lead there.
using Ways = std::map<State, std::vector<Event>>;
using Edges = std::set<std::pair<State, State>>;

/// The next event of a kind, after all that happened.
Event next(EventKind kind, const std::vector<Event>& before) {
  // Whoever asks first is willow; whom the engine offers it to next is birch.
  const auto offer = current_offer(before);
  Event event{kind, std::string(1, static_cast<char>('a' + before.size())), offer};
  if (kind == EventKind::released) event.offer = offer.empty() ? "willow" : "birch";
  if (kind == EventKind::replied) event.sequence = open_question(before);
  return event;
}

/// Breadth first over all legal events.
std::pair<Ways, Edges> walk() {
  Ways ways = {{fold({}), {}}};
  Edges edges;
  std::vector<State> todo = {fold({})};
  for (std::size_t i = 0; i < todo.size(); ++i) {
    const auto from = todo[i];
    const auto way = ways[from];
    for (const auto& row : event_rows) {
      if (!row.from.has(from)) continue;
      auto events = way;
      events.push_back(next(row.kind, way));
      const auto to = fold(events);
      edges.emplace(from, to);
      if (ways.emplace(to, events).second) todo.push_back(to);
    }
  }
  return {ways, edges};
}

TEST(Machine, EveryStateCanBeReached) {
  const auto [ways, edges] = walk();
  for (const auto& row : state_rows) EXPECT_TRUE(ways.contains(row.state)) << row.name;
}

TEST(Machine, FromEveryStateALegalWayLeadsToAnEnd) {
  const auto [ways, edges] = walk();
  std::set<State> ending;
  for (const auto& row : state_rows) {
    if (is_final(row.state)) ending.insert(row.state);
  }
  for (std::size_t before = 0; before != ending.size();) {
    before = ending.size();
    for (const auto& [from, to] : edges) {
      if (ending.contains(to)) ending.insert(from);
    }
  }
  for (const auto& row : state_rows) {
    EXPECT_TRUE(ending.contains(row.state)) << row.name;
    const bool leaves = std::any_of(edges.begin(), edges.end(), [&](const auto& edge) {
      return edge.first == row.state && edge.second != row.state;
    });
    EXPECT_TRUE(leaves || is_final(row.state)) << row.name;
  }
}

int minutes_of(Span span) {
  constexpr int each[] = {1, 60, 24 * 60, 24 * 60};
  return span.amount * each[span.unit];
}

TEST(Machine, EveryStateThatIsNotFinalHasOneOwnerOneWorklistAndAClock) {
  for (const auto& row : state_rows) {
    const bool open = !is_final(row.state);
    EXPECT_EQ(open, std::string_view(row.owner) != "nobody") << row.name;
    EXPECT_EQ(open, turn_of(row.state).worklist != "") << row.name;
    EXPECT_EQ(open, row.deadlines[0].then != Then::nothing) << row.name;
    int routine = 0;
    int urgent = 0;
    for (const auto& deadline : row.deadlines) {
      if (deadline.then == Then::nothing) break;
      EXPECT_GT(minutes_of(deadline.routine), routine) << row.name << ": one after the other";
      EXPECT_GT(minutes_of(deadline.urgent), urgent) << row.name << ": one after the other";
      EXPECT_LE(minutes_of(deadline.urgent), minutes_of(deadline.routine)) << row.name;
      routine = minutes_of(deadline.routine);
      urgent = minutes_of(deadline.urgent);
    }
  }
}

TEST(Machine, AnIllegalWordOfTheClinicChangesNothing) {
  const auto [ways, edges] = walk();
  for (const auto& [state, way] : ways) {
    if (current_offer(way).empty()) continue;
    for (const auto& row : event_rows) {
      const bool holds = state == State::held;  // what a clinic says stands above a hold
      if (row.actor != Actor::clinic || row.from.has(state) || holds) continue;
      auto events = way;
      events.push_back(next(row.kind, way));
      EXPECT_EQ(fold(events), state) << row.name << " in " << state_name(state);
      EXPECT_FALSE(is_legal(state, row.kind));
    }
  }
}

TEST(Machine, AllArrivalOrdersOfRandomEventsEndInOneState) {
  std::mt19937 random(20261127);
  const auto pick = [&](int count) { return static_cast<int>(random() % unsigned(count)); };
  std::set<State> seen;
  for (int story = 0; story < 120; ++story) {
    std::vector<Event> events = {{EventKind::released, "1", "willow"}};
    for (int i = 0; i < 5; ++i) {
      events.push_back({static_cast<EventKind>(pick(event_count)), std::to_string(pick(3)),
                        pick(4) == 0 ? "birch" : "willow"});
    }
    const auto state = fold(events);
    const auto question = open_question(events);
    const auto recalls = unconfirmed_recalls(events);
    const auto ignored = without_effect(events);
    const auto count = std::count(ignored.begin(), ignored.end(), true);
    seen.insert(state);
    std::vector<std::size_t> order = {0, 1, 2, 3, 4, 5};
    do {
      std::vector<Event> shuffled;
      for (const auto i : order) shuffled.push_back(events[i]);
      ASSERT_EQ(fold(shuffled), state) << story;
      ASSERT_EQ(open_question(shuffled), question);
      ASSERT_EQ(unconfirmed_recalls(shuffled), recalls);
      const auto again = without_effect(shuffled);
      ASSERT_EQ(std::count(again.begin(), again.end(), true), count);
    } while (std::next_permutation(order.begin(), order.end()));
  }
  EXPECT_GT(seen.size(), 15u) << "the stories differ";
}

TEST(Machine, NamesAreUniqueAndReadBack) {
  for (const auto& row : state_rows) EXPECT_EQ(state_named(row.name), row.state);
  for (const auto& row : event_rows) EXPECT_EQ(event_named(row.name), row.kind);
  EXPECT_FALSE(state_named("no such state"));
}

TEST(Legal, ActionsAreThoseOfTheTable) {
  const auto has = [](State state, Actor actor, EventKind kind) {
    const auto actions = legal_actions(state, actor);
    return std::find(actions.begin(), actions.end(), kind) != actions.end();
  };
  EXPECT_TRUE(has(State::delivered, Actor::clinic, EventKind::clinic_accepted));
  EXPECT_FALSE(has(State::delivered, Actor::clinic, EventKind::revoked)) << "the surgeon's";
  EXPECT_FALSE(has(State::closed, Actor::clinic, EventKind::clinic_accepted));
  EXPECT_TRUE(has(State::cancel_asked, Actor::clinic, EventKind::clinic_cancelled));
  EXPECT_TRUE(has(State::cancel_asked, Actor::clinic, EventKind::clinic_reported));
  EXPECT_FALSE(has(State::scheduled, Actor::surgeon, EventKind::lost));
  EXPECT_TRUE(has(State::no_show, Actor::surgeon, EventKind::lost));
  for (const auto& row : state_rows) {
    if (!is_final(row.state) || row.state == State::closed) continue;
    EXPECT_FALSE(has(row.state, Actor::surgeon, EventKind::revoked)) << row.name;
  }
}

TEST(Legal, AWriteNamesTheVersionItRestsOn) {
  const auto check = [](Actor actor, EventKind kind, std::optional<std::int64_t> version) {
    return check_write(State::delivered, 7, actor, kind, version);
  };
  EXPECT_EQ(check(Actor::clinic, EventKind::clinic_accepted, 7), Write::legal);
  EXPECT_EQ(check(Actor::clinic, EventKind::clinic_accepted, std::nullopt), Write::legal);
  EXPECT_EQ(check(Actor::clinic, EventKind::clinic_accepted, 6), Write::stale);
  EXPECT_EQ(check(Actor::clinic, EventKind::revoked, 7), Write::illegal);
  EXPECT_EQ(check(Actor::clinic, EventKind::clinic_extension_asked, 7), Write::illegal);
}

}  // namespace
}  // namespace meridian::routing
