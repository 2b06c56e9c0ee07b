// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.h"

#include "store/changes.h"
#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.outbox";

/// Which row to claim: alerts before the rest.
struct Due {
  ReferralId referral;
  DestinationId destination;
  std::int64_t number = 0;
};

Result<std::optional<Due>> next_due(Session& session, const DestinationId& destination,
                                    Instant now) {
  for (const int lane : {0, 1}) {
    auto rows = session.db.select(Queries::next_in_lane, destination, lane, now);
    if (rows.next()) {
      return std::optional(Due{rows.id(0, ReferralId()), destination, rows.integer(1)});
    }
    if (rows.failed()) return rows.error(where);
  }
  return std::optional<Due>{};
}

/// Leases the row; its body is still to be read.
Result<Delivery> take(Session& session, const Due& due, const Claim& claim, Instant now) {
  Delivery delivery;
  delivery.referral = due.referral;
  delivery.destination = due.destination;
  delivery.number = due.number;
  delivery.lease = new_lease();
  delivery.due = now;
  auto rows = session.db.select(Queries::claim_delivery, due.referral, due.destination, due.number,
                                now, now + claim.lease, delivery.lease, claim.owner);
  if (!rows.next()) return rows.error(where);
  delivery.kind = rows.text(0);
  delivery.key = rows.text(1);
  delivery.media_type = rows.text(2);
  delivery.rests_on_version = rows.integer(3);
  delivery.attempts = static_cast<int>(rows.integer(4));
  delivery.maybe_arrived = rows.integer(5) != 0;
  if (rows.next() || rows.failed()) return rows.error(where);
  return delivery;
}

/// False when the body no longer opens.
Result<bool> read_body(Session& session, Delivery& delivery) {
  auto rows = session.db.select(Queries::delivery_body, delivery.number);
  if (!rows.next()) {
    if (rows.failed()) return rows.error(where);
    return false;
  }
  auto body = session.envelope.open(sealed::delivery_body, delivery.number, rows.view(0));
  if (!body) return false;
  delivery.body = std::move(*body);
  return true;
}

Result<void> bury(Session& session, const Due& due, Instant now) {
  const auto buried = session.db.change(Queries::end_delivery, due.referral, due.destination,
                                        due.number, delivery_state_name(DeliveryState::dead),
                                        error_row(ErrorCode::store_damaged).name, now);
  if (!buried) return buried.error();
  return {};
}

/// Only what is queued is handed out again.
std::optional<Instant> due_after(const Settlement& settlement, Instant now) {
  if (settlement.state != DeliveryState::queued) return std::nullopt;
  return settlement.due.value_or(now);
}

}  // namespace

Result<std::optional<Delivery>> claim_delivery(Session& session, const DestinationId& destination,
                                               const Claim& claim) {
  const auto now = session.clock();
  for (;;) {
    const auto due = next_due(session, destination, now);
    if (!due) return due.error();
    if (!*due) return std::optional<Delivery>{};
    auto delivery = take(session, **due, claim, now);
    if (!delivery) return delivery.error();
    const auto readable = read_body(session, *delivery);
    if (!readable) return readable.error();
    if (*readable) return std::optional(std::move(*delivery));
    // A damaged row leaves the line, so that the others pass.
    if (auto buried = bury(session, **due, now); !buried) return buried.error();
  }
}

Result<void> settle_delivery(Session& session, const Delivery& delivery,
                             const Settlement& settlement, const Changes& changes) {
  if (settlement.state == DeliveryState::in_flight) {
    return Error{ErrorCode::invalid, where, "a try that has ended is not in flight"};
  }
  const auto now = session.clock();
  const bool maybe = settlement.maybe_arrived || settlement.state == DeliveryState::ambiguous;
  const auto receipt =
      session.envelope.seal(sealed::delivery_receipt, delivery.number, settlement.receipt);
  const auto settled = session.db.change(
      Queries::settle_delivery, delivery.referral, delivery.destination, delivery.number,
      delivery.lease, delivery_state_name(settlement.state), due_after(settlement, now),
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
      session.db.change(Queries::decide_delivery, number, delivery_state_name(state), due, now);
  if (!decided) return decided.error();
  if (*decided == 0) {
    return Error{ErrorCode::not_found, where, "no such ambiguous or dead delivery"};
  }
  return apply_changes(session, changes);
}

}  // namespace meridian::store
