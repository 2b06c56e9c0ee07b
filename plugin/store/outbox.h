// SPDX-License-Identifier: Apache-2.0
// OUT: deliveries are leased in order, settled by what the receiver said, or decided by a person.
#pragma once

#include "base/result.h"
#include "store/rows.h"
#include "store/session.h"
#include "store/work.h"

namespace meridian::store {

/// See the operations of the same names in Store.
Result<std::optional<Delivery>> claim_delivery(Session& session, const DestinationId& destination,
                                               const Claim& claim);
Result<void> settle_delivery(Session& session, const Delivery& delivery,
                             const Settlement& settlement, const Changes& changes);
Result<void> decide_delivery(Session& session, std::int64_t number, DeliveryState state,
                             const Changes& changes);

}  // namespace meridian::store
