// SPDX-License-Identifier: Apache-2.0
#include "unit/referral_dialects/histories.h"

#include <random>

#include "routing/legal.h"
#include "routing/standing.h"

namespace meridian::test {
namespace {

using namespace routing;

Event next(EventKind kind, const std::vector<Event>& before) {
  // Whoever asks first is willow; whom the engine offers it to next is birch.
  const auto offer = current_offer(before);
  Event event{kind, std::string(1, static_cast<char>('a' + before.size())), offer};
  if (kind == EventKind::released) event.offer = offer.empty() ? "willow" : "birch";
  if (kind == EventKind::replied) event.sequence = open_question(before);
  return event;
}

History walk(std::mt19937& random, bool all_told) {
  constexpr int longest = 14;
  std::vector<Event> events;
  History told;
  for (int i = 0; i < longest; ++i) {
    std::vector<EventKind> legal;
    for (const auto& row : event_rows) {
      // A remark only makes the walk shorter; so does reading, which ends what waiving ends too.
      const bool moves = row.does != Does::remarks && row.kind != EventKind::report_read;
      if (moves && is_legal(fold(events), row.kind)) legal.push_back(row.kind);
    }
    if (legal.empty()) break;
    events.push_back(next(legal[random() % legal.size()], events));
    const std::string state = state_name(fold(events));
    const bool changed = told.empty() || told.back() != state;
    if (changed && (all_told || random() % 3 != 0)) told.push_back(state);
  }
  return told;
}

}  // namespace

const std::vector<History>& histories() {
  static const std::vector<History> all = [] {
    std::mt19937 random(20261127);
    std::vector<History> made;
    for (int i = 0; i < 10'000; ++i) made.push_back(walk(random, i % 2 == 0));
    return made;
  }();
  return all;
}

std::vector<fhir::ReferralDialect> strict_dialects() {
  std::vector<fhir::ReferralDialect> found;
  for (const auto& id : fhir::referral_dialect_ids()) {
    auto dialect = fhir::find_referral_dialect(id);
    if (dialect && !dialect->steps.empty()) found.push_back(std::move(*dialect));
  }
  return found;
}

}  // namespace meridian::test
