// SPDX-License-Identifier: Apache-2.0
// A search by partition and scan finds what a look at everybody finds.
#include "routing/match.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/routing/random_directory.h"

namespace meridian::routing {
namespace {

const Load* load_of(const Loads& loads, const DestinationId& destination) {
  for (const auto& load : loads) {
    if (load.destination == destination) return &load;
  }
  return nullptr;
}

MatchList best_of(std::vector<Match> matches) {
  std::sort(matches.begin(), matches.end(),
            [](const Match& a, const Match& b) { return a.key < b.key; });
  return {matches.begin(),
          matches.begin() + static_cast<long>(std::min(matches.size(), most_shown))};
}

/// Looks at every receiver, one after the other.
Matches look_at_everybody(const Directory& directory, const Ask& ask, const Loads& loads) {
  std::vector<Match> connected, left_out, others;
  const auto* partition = directory.partition(ask.service, true);
  const bool whole = partition != nullptr && partition->size <= shown_whole;
  for (std::uint32_t i = 0; i < directory.receivers().size(); ++i) {
    const auto& receiver = directory.receivers()[i];
    if (receiver.service != ask.service) continue;
    const auto look = look_at(receiver, ask, directory);
    const bool reached = !receiver.to.empty();
    if (fits(look)) {
      auto& list = reached ? connected : others;
      list.push_back({order_key(look, load_of(loads, receiver.to), i), i});
    } else if (reached && (whole || is_near(look))) {
      left_out.push_back({left_out_key(look.distance.band, i), i});
    }
  }
  Matches matches{best_of(std::move(connected)), best_of(std::move(left_out))};
  for (const auto& match : best_of(std::move(others))) {
    if (matches.fitting.size() < most_shown) matches.fitting.push_back(match);
  }
  return matches;
}

std::vector<std::string> ids(const Directory& directory, const MatchList& matches) {
  std::vector<std::string> list;
  for (const auto& match : matches) list.push_back(directory.receivers()[match.receiver].id);
  return list;
}

struct Case {
  const char* name;
  RandomTown::Shape shape;
  std::size_t receivers;
  Policy policy;
};

class Searching : public testing::TestWithParam<Case> {};

TEST_P(Searching, FindsWhatALookAtEverybodyFinds) {
  const auto& given = GetParam();
  std::size_t found = 0;
  std::size_t left_out = 0;
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    RandomTown town(seed, given.shape);
    const Directory directory(town.receivers(given.receivers), given.policy, {});
    for (int i = 0; i < 40; ++i) {
      auto ask = town.ask();
      if (i % 7 == 0 && ask.service == "spine_surgery") ask.visit_mode = "virtual";
      const auto loads = town.loads(directory.receivers(), i % 3 == 0 ? 30 : 0);
      if (i % 4 == 0 && !loads.empty()) ask.declined = {loads.front().destination};
      const auto expected = look_at_everybody(directory, ask, loads);
      for (const auto& scans : {best_scans(), plain_scans()}) {
        const auto matches = find(directory, ask, loads, scans);
        ASSERT_EQ(ids(directory, matches.fitting), ids(directory, expected.fitting)) << seed << i;
        ASSERT_EQ(ids(directory, matches.left_out), ids(directory, expected.left_out)) << seed << i;
      }
      found += expected.fitting.size();
      left_out += expected.left_out.size();
    }
  }
  EXPECT_GT(found, 500u) << "the case shows something";
  EXPECT_GT(left_out, 100u) << "the case shows something";
}

Policy strict() {
  Policy policy;
  policy.radius_km = 30;
  policy.require = {"licence", "network", "position", "new_patients"};
  policy.licence_where_patient_lives = false;
  return policy;
}

INSTANTIATE_TEST_SUITE_P(
    Of, Searching,
    testing::Values(Case{"ASmallSite", {3, 2, 1, 0.8, 0.3}, 40, {}},
                    Case{"ATown", {5, 2, 0.7, 0.8, 0.3}, 900, {}},
                    Case{"OneDenseCity", {1, 2, 1, 1, 0.1}, 3000, {}},
                    Case{"ManyCities", {300, 4, 0.9, 0.95, 0.1}, 3000, {}},
                    Case{"NobodyPlaced", {40, 2, 0.9, 0, 0.1}, 2000, {}},
                    Case{"ManyNetworks", {5, 2, 1, 1, 0.3, false, 500}, 2500, {}},
                    Case{"AStrictSite", {4, 2, 1, 0.9, 0.1}, 2500, strict()}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace meridian::routing
