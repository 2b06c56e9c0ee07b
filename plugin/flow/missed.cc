// SPDX-License-Identifier: Apache-2.0
#include "flow/missed.h"

#include <algorithm>
#include <set>

#include "flow/stored_json.h"
#include "routing/machine.h"

namespace meridian::flow {
namespace {

bool is_missed(const std::string& name) {
  using routing::EventKind;
  constexpr EventKind kinds[] = {EventKind::reminded, EventKind::overdue, EventKind::passed_over,
                                 EventKind::lapsed};
  const auto kind = routing::event_named(name);
  return kind && std::find(std::begin(kinds), std::end(kinds), *kind) != std::end(kinds);
}

/// The clinics that missed most.
std::set<std::string> first_of(const std::map<std::string, int>& totals) {
  std::vector<std::pair<int, std::string>> ranked;
  for (const auto& [clinic, count] : totals) ranked.emplace_back(-count, clinic);
  std::sort(ranked.begin(), ranked.end());
  ranked.resize(std::min(ranked.size(), most_clinics));
  std::set<std::string> first;
  for (auto& [count, clinic] : ranked) first.insert(std::move(clinic));
  return first;
}

}  // namespace

Missed missed_of(const std::vector<store::Walk>& walks) {
  Missed all;
  std::map<std::string, int> totals;
  for (const auto& walk : walks) {
    for (const auto& step : walk.steps) {
      if (!is_missed(step.kind)) continue;
      auto clinic = step.detail.empty() ? "" : text_in(parsed(step.detail), "clinic");
      if (!clinic.empty()) ++totals[clinic];
      ++all[{walk.source.str(), step.kind, std::move(clinic)}];
    }
  }
  if (totals.size() <= most_clinics) return all;
  const auto shown = first_of(totals);
  Missed missed;
  for (const auto& [key, count] : all) {
    const bool alone = key.clinic.empty() || shown.contains(key.clinic);
    missed[{key.hospital, key.kind, alone ? key.clinic : "other"}] += count;
  }
  return missed;
}

}  // namespace meridian::flow
