// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.h"

#include "store/changes.h"
#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.outbox";

/// The number of the row to claim: alerts before the rest; 0 when nothing is due.
Result<std::int64_t> next_due(Session& session, const DestinationId& destination, Instant now) {
  for (const int lane : {0, 1}) {
    auto rows = session.db.select(queries::next_in_lane, destination, lane, now);
    if (rows.next()) return rows.integer(0);
    if (rows.failed()) return rows.error(where);
  }
  return std::int64_t{0};
}

/// A claimed row; without its body when that no longer opens.
struct Claimed {
  Delivery delivery;
  bool readable = false;
};

Result<Claimed> take(Session& session, std::int64_t number, const Claim& claim, Instant now) {
  Claimed claimed;
  auto& delivery = claimed.delivery;
  delivery.number = number;
  delivery.lease = new_lease();
  auto rows = session.db.select(queries::claim_delivery, number, now, now + claim.lease,
                                delivery.lease, claim.owner);
  if (!rows.next()) return rows.error(where);
  delivery.referral = rows.id(0, ReferralId());
  delivery.destination = rows.id(1, DestinationId());
  delivery.kind = rows.text(2);
  delivery.key = rows.text(3);
  delivery.media_type = rows.text(4);
  delivery.rests_on_version = rows.integer(5);
  delivery.attempts = static_cast<int>(rows.integer(6));
  delivery.maybe_arrived = rows.integer(7) != 0;
  delivery.due = now;
  auto body = session.envelope.open(sealed::delivery_body, number, rows.view(8));
  claimed.readable = body.has_value();
  if (body) delivery.body = std::move(*body);
  if (rows.next() || rows.failed()) return rows.error(where);
  return claimed;
}

Result<void> bury(Session& session, std::int64_t number, Instant now) {
  const auto buried =
      session.db.change(queries::end_delivery, number, delivery_state_name(DeliveryState::dead),
                        error_row(ErrorCode::store_damaged).name, now);
  if (!buried) return buried.error();
  return {};
}

/// Only these two are handed out again, the second so that its sender can look first.
std::optional<Instant> due_after(const Settlement& settlement, Instant now) {
  if (settlement.state == DeliveryState::queued) return settlement.due.value_or(now);
  if (settlement.state == DeliveryState::ambiguous) return settlement.due;
  return std::nullopt;
}

}  // namespace

Result<std::optional<Delivery>> claim_delivery(Session& session, const DestinationId& destination,
                                               const Claim& claim) {
  const auto now = session.clock();
  for (;;) {
    const auto number = next_due(session, destination, now);
    if (!number) return number.error();
    if (*number == 0) return std::optional<Delivery>{};
    auto claimed = take(session, *number, claim, now);
    if (!claimed) return claimed.error();
    if (claimed->readable) return std::optional(std::move(claimed->delivery));
    // A damaged row leaves the line, so that the others pass.
    if (auto buried = bury(session, *number, now); !buried) return buried.error();
  }
}

Result<void> settle_delivery(Session& session, const Delivery& delivery,
                             const Settlement& settlement, const Changes& changes) {
  const auto now = session.clock();
  const bool maybe = settlement.maybe_arrived || settlement.state == DeliveryState::ambiguous;
  const auto receipt =
      session.envelope.seal(sealed::delivery_receipt, delivery.number, settlement.receipt);
  const auto settled =
      session.db.change(queries::settle_delivery, delivery.number, delivery.lease,
                        delivery_state_name(settlement.state), due_after(settlement, now),
                        TextOrNull{settlement.error}, now, Blob{receipt}, int{maybe});
  if (!settled) return settled.error();
  if (*settled == 0) {
    return Error{ErrorCode::stale, where, "the lease of the delivery was lost"};
  }
  return apply_changes(session, changes);
}

Result<void> decide_delivery(Session& session, std::int64_t number, DeliveryState state,
                             const Changes& changes) {
  if (state == DeliveryState::in_flight || state == DeliveryState::ambiguous) {
    return Error{ErrorCode::invalid, where, "a person cannot decide this state"};
  }
  const auto now = session.clock();
  const auto due = state == DeliveryState::queued ? std::optional(now) : std::nullopt;
  const auto decided =
      session.db.change(queries::decide_delivery, number, delivery_state_name(state), due, now);
  if (!decided) return decided.error();
  if (*decided == 0) {
    return Error{ErrorCode::not_found, where, "no such ambiguous or dead delivery"};
  }
  return apply_changes(session, changes);
}

}  // namespace meridian::store
