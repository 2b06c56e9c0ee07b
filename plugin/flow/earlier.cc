// SPDX-License-Identifier: Apache-2.0
#include "flow/earlier.h"

#include "routing/standing.h"

namespace meridian::flow {
namespace {

Result<std::string> newest_order_message(const Core& core, const store::ReferralRow& row) {
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  for (auto event = events->rbegin(); event != events->rend(); ++event) {
    if (event->kind != routing::event_name(routing::EventKind::ordered)) continue;
    auto message = core.store.message(event->message);
    if (!message) return message.error();
    if (*message) return std::move((*message)->body);
  }
  return std::string();
}

Result<std::string> last_packet(const Core& core, const store::ReferralRow& row,
                                const Peer& receiver) {
  auto deliveries = core.store.deliveries(row.id);
  if (!deliveries) return deliveries.error();
  std::string packet;
  for (auto& delivery : *deliveries) {
    const bool brought = delivery.kind == "referral" && delivery.destination.str() == receiver.id;
    if (brought && !delivery.body.empty()) packet = std::move(delivery.body);
  }
  return packet;
}

}  // namespace

Result<std::string> earlier_message(const Core& core, const store::ReferralRow& row,
                                    const Peer& receiver) {
  if (!receiver.renderer || !receiver.renderer->follows_earlier()) return std::string();
  const bool origin = receiver.id == row.source.str();
  return origin ? newest_order_message(core, row) : last_packet(core, row, receiver);
}

}  // namespace meridian::flow
