// SPDX-License-Identifier: Apache-2.0
#include "flow/told.h"

#include <string_view>

namespace meridian::flow {
namespace {

using store::DeliveryState;

/// "referral/hash/STATE/version".
std::string state_in(const std::string& key) {
  const auto version = key.rfind('/');
  if (version == std::string::npos || version == 0) return {};
  const auto before = key.rfind('/', version - 1);
  if (before == std::string::npos) return {};
  auto state = key.substr(before + 1, version - before - 1);
  return routing::state_named(state) ? state : std::string();
}

}  // namespace

std::string status_key(const std::string& rendered_key, const store::ReferralRow& row) {
  return rendered_key + "/" + row.state + "/" + sortable(row.version);
}

Result<std::vector<std::string>> states_told(const Core& core, const store::ReferralRow& row,
                                             const Peer& origin) {
  std::vector<std::string> states;
  if (!origin.renderer || !origin.renderer->keeps_course()) return states;
  const auto deliveries = core.store.deliveries(row.id);
  if (!deliveries) return deliveries.error();
  for (const auto& delivery : *deliveries) {
    const bool status = delivery.kind == "status" || delivery.kind == "consult_note";
    const bool never =
        delivery.state == DeliveryState::dead || delivery.state == DeliveryState::superseded;
    if (!status || never || delivery.destination.str() != origin.id) continue;
    if (auto state = state_in(delivery.key); !state.empty()) states.push_back(std::move(state));
  }
  return states;
}

Result<std::optional<Instant>> stands_until(const Core& core, const Ledger& ledger) {
  const auto rows = core.store.events(ledger.row().id);
  if (!rows) return rows.error();
  std::vector<routing::Event> events;
  auto state = routing::State::noted;
  Instant began = ledger.row().created_at;
  for (const auto& row : *rows) {
    auto event = folded(row);
    if (!event) continue;
    const bool renews =
        Ledger::renews_clock(event->kind) && event->offer == ledger.row().destination.str();
    events.push_back(std::move(*event));
    const auto now = routing::fold(events);
    if (now != state || renews) began = row.at;
    state = now;
  }
  return core.settings.clocks.stands_until(state, ledger.urgent(),
                                           ledger.clock_counts_from(state, began));
}

}  // namespace meridian::flow
