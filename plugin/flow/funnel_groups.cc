// SPDX-License-Identifier: Apache-2.0
#include "flow/funnel_groups.h"

#include "flow/stored_json.h"

namespace meridian::flow {
namespace {

/// A rule's or a reason's name, or fixed words, as it is. Words that name one order are no reason
/// that could be counted.
std::string countable(const std::string& reason) {
  return reason.find('/') == std::string::npos ? reason : "repeats an open order";
}

routing::Journey journey_of(const store::Walk& walk) {
  std::vector<routing::DatedEvent> dated;
  for (const auto& step : walk.steps) {
    const auto kind = routing::event_named(step.kind);
    if (!kind) continue;
    dated.push_back({*kind, step.at, {}});
    if (step.detail.empty()) continue;
    for (const auto& reason : texts_in(parsed(step.detail), "reasons")) {
      dated.back().reasons.push_back(countable(reason));
    }
  }
  return routing::journey_of(dated, walk.state);
}

}  // namespace

FunnelGroups funnels_of(const std::vector<store::Walk>& walks,
                        const std::set<std::string>& reading_seen_at) {
  // "all" is there before the first referral: who draws a metric wants its zero.
  std::map<std::string, std::vector<routing::Journey>> groups = {{"all", {}}};
  for (const auto& walk : walks) {
    auto journey = journey_of(walk);
    journey.tells_read = reading_seen_at.contains(walk.source.str());
    groups["all"].push_back(journey);
    groups["from " + walk.source.str()].push_back(journey);
    if (!walk.requester.empty()) {
      groups["by " + walk.requester + " at " + walk.source.str()].push_back(journey);
    }
    if (!walk.destination.str().empty()) {
      groups["to " + walk.destination.str()].push_back(journey);
    }
  }
  FunnelGroups funnels;
  for (const auto& [group, journeys] : groups) funnels[group] = routing::funnel_of(journeys);
  return funnels;
}

Result<FunnelGroups> read_funnels(store::Store& store, const FunnelQuestion& question) {
  const auto walks = store.walks(question.since, question.orderers);
  if (!walks) return walks.error();
  return funnels_of(*walks, question.reading_seen_at);
}

}  // namespace meridian::flow
