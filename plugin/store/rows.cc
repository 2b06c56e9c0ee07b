// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

namespace meridian::store {

const char* delivery_state_name(DeliveryState state) {
  switch (state) {
    case DeliveryState::queued:
      return "queued";
    case DeliveryState::in_flight:
      return "in_flight";
    case DeliveryState::delivered:
      return "delivered";
    case DeliveryState::ambiguous:
      return "ambiguous";
    case DeliveryState::dead:
      return "dead";
    case DeliveryState::superseded:
      return "superseded";
  }
  return "dead";
}

std::optional<DeliveryState> delivery_state_of(std::string_view name) {
  for (const auto state :
       {DeliveryState::queued, DeliveryState::in_flight, DeliveryState::delivered,
        DeliveryState::ambiguous, DeliveryState::dead, DeliveryState::superseded}) {
    if (name == delivery_state_name(state)) return state;
  }
  return std::nullopt;
}

}  // namespace meridian::store
