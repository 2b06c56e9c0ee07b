// SPDX-License-Identifier: Apache-2.0
#include "routing/funnel.h"

#include <algorithm>

namespace meridian::routing {
namespace {

constexpr std::array<const char*, step_count> names = {
    "ordered",   "sent",    "delivered", "opened",    "accepted",
    "scheduled", "visited", "reported",  "in_record", "read"};

std::optional<Step> step_of(EventKind kind) {
  switch (kind) {
    case EventKind::ordered:
      return Step::ordered;
    case EventKind::released:
      return Step::sent;
    case EventKind::sent:
    case EventKind::clinic_received:
      return Step::delivered;
    case EventKind::clinic_opened:
    case EventKind::clinic_asked:
    case EventKind::clinic_declined:
      return Step::opened;
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
    case EventKind::report_read:
      return Step::read;
    default:
      return std::nullopt;
  }
}

/// Only where it stands for them: a referral that was held and released has none.
bool stands_for_reasons(std::string_view state) {
  return state == state_name(State::held) || state == state_name(State::declined) ||
         state == state_name(State::cancelled);
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

/// When the step before this one was. Few receivers tell that a person looked at it: without that,
/// the one before.
std::optional<Instant> before(const Journey& journey, std::size_t step) {
  if (step == 0) return std::nullopt;
  const bool untold = static_cast<Step>(step - 1) == Step::opened && !journey.at[step - 1];
  return journey.at[untold ? step - 2 : step - 1];
}

}  // namespace

bool is_unknown(const FunnelStep& step) {
  return step.reached == 0 && step.not_known > 0;
}

const char* step_name(Step step) {
  return names[static_cast<std::size_t>(step)];
}

Journey journey_of(const std::vector<DatedEvent>& events, std::string_view state) {
  Journey journey;
  journey.state = state;
  for (const auto& event : events) {
    if (!event.reasons.empty() && stands_for_reasons(state)) journey.reasons = event.reasons;
    const auto step = step_of(event.kind);
    if (!step) continue;
    auto& first = journey.at[static_cast<std::size_t>(*step)];
    if (!first || event.at < *first) first = event.at;
    journey.farthest = std::max(journey.farthest, *step);
  }
  // It was read here while it waited for its way into the record: that step is still to come.
  const bool waits = !journey.at[static_cast<std::size_t>(Step::in_record)];
  if (journey.farthest == Step::read && waits) journey.farthest = Step::reported;
  return journey;
}

Funnel funnel_of(const std::vector<Journey>& journeys) {
  Funnel funnel;
  for (std::size_t step = 0; step < step_count; ++step) {
    std::vector<std::chrono::seconds> took;
    for (const auto& journey : journeys) {
      const auto farthest = static_cast<std::size_t>(journey.farthest);
      const bool untold = static_cast<Step>(step) == Step::read && !journey.tells_read;
      if (untold && farthest + 1 == step) ++funnel[step].not_known;
      if (farthest < step) continue;
      ++funnel[step].reached;
      if (farthest == step) {
        ++funnel[step].standing[journey.state];
        for (const auto& reason : journey.reasons) ++funnel[step].reasons[reason];
      }
      const auto began = before(journey, step);
      if (!journey.at[step] || !began) continue;
      const auto time = *journey.at[step] - *began;
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
