// SPDX-License-Identifier: Apache-2.0
#include "flow/funnel_groups.h"

namespace meridian::flow {
namespace {

routing::Journey journey_of(const store::Walk& walk) {
  std::vector<routing::DatedEvent> dated;
  for (const auto& step : walk.steps) {
    if (const auto kind = routing::event_named(step.kind)) dated.push_back({*kind, step.at});
  }
  return routing::journey_of(dated, walk.state);
}

}  // namespace

Result<FunnelGroups> read_funnels(store::Store& store, Instant since) {
  const auto walks = store.walks(since);
  if (!walks) return walks.error();
  // "all" is there before the first referral: who draws a metric wants its zero.
  std::map<std::string, std::vector<routing::Journey>> groups = {{"all", {}}};
  for (const auto& walk : *walks) {
    const auto journey = journey_of(walk);
    groups["all"].push_back(journey);
    groups["from " + walk.source.str()].push_back(journey);
    if (!walk.destination.str().empty()) {
      groups["to " + walk.destination.str()].push_back(journey);
    }
  }
  FunnelGroups funnels;
  for (const auto& [group, journeys] : groups) funnels[group] = routing::funnel_of(journeys);
  return funnels;
}

}  // namespace meridian::flow
