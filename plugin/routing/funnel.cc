// SPDX-License-Identifier: Apache-2.0
#include "routing/funnel.h"

#include <algorithm>

namespace meridian::routing {
namespace {

constexpr std::array<const char*, step_count> names = {
    "ordered", "sent", "delivered", "accepted", "scheduled", "visited", "reported", "in_record"};

std::optional<Step> step_of(EventKind kind) {
  switch (kind) {
    case EventKind::ordered:
      return Step::ordered;
    case EventKind::released:
      return Step::sent;
    case EventKind::sent:
    case EventKind::clinic_received:
      return Step::delivered;
    case EventKind::clinic_accepted:
      return Step::accepted;
    case EventKind::clinic_scheduled:
      return Step::scheduled;
    case EventKind::clinic_visited:
      return Step::visited;
    case EventKind::clinic_reported:
      return Step::reported;
    case EventKind::written_back:
      return Step::in_record;
    default:
      return std::nullopt;
  }
}

/// The time that so many in a hundred took or less; the nearest rank.
std::optional<std::chrono::seconds> percentile(std::vector<std::chrono::seconds>& times,
                                               std::size_t percent) {
  if (times.empty()) return std::nullopt;
  const auto rank = (times.size() * percent + 99) / 100;
  const auto at = times.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(times.begin(), at, times.end());
  return *at;
}

}  // namespace

const char* step_name(Step step) {
  return names[static_cast<std::size_t>(step)];
}

Journey journey_of(const std::vector<DatedEvent>& events, std::string_view state) {
  Journey journey;
  journey.state = state;
  for (const auto& event : events) {
    const auto step = step_of(event.kind);
    if (!step) continue;
    auto& first = journey.at[static_cast<std::size_t>(*step)];
    if (!first || event.at < *first) first = event.at;
    journey.farthest = std::max(journey.farthest, *step);
  }
  return journey;
}

Funnel funnel_of(const std::vector<Journey>& journeys) {
  Funnel funnel;
  for (std::size_t step = 0; step < step_count; ++step) {
    std::vector<std::chrono::seconds> took;
    for (const auto& journey : journeys) {
      const auto farthest = static_cast<std::size_t>(journey.farthest);
      if (farthest < step) continue;
      ++funnel[step].reached;
      if (farthest == step) ++funnel[step].standing[journey.state];
      if (step == 0 || !journey.at[step] || !journey.at[step - 1]) continue;
      const auto time = *journey.at[step] - *journey.at[step - 1];
      // A clinic's clock may be behind ours; the step did not take less than nothing.
      took.push_back(
          std::max(std::chrono::floor<std::chrono::seconds>(time), std::chrono::seconds(0)));
    }
    funnel[step].median = percentile(took, 50);
    funnel[step].ninety = percentile(took, 90);
  }
  return funnel;
}

}  // namespace meridian::routing
