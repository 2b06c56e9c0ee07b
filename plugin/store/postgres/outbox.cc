// SPDX-License-Identifier: Apache-2.0
// OUT: deliveries are leased in order, settled by what the receiver said, or decided by a person.
#include "store/postgres/changes.h"
#include "store/postgres/operations.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.outbox";

/// Leases the next of one lane; its body is still to be read.
Result<std::optional<Delivery>> take(Session& session, const DestinationId& destination, int lane,
                                     const Claim& claim) {
  Delivery delivery;
  delivery.destination = destination;
  delivery.lease = new_lease();
  delivery.due = session.now;
  auto rows = session.db.select(Queries::claim_delivery, destination, lane, session.now,
                                session.now + claim.lease, delivery.lease, claim.owner);
  if (!rows.next()) {
    if (rows.failed()) return rows.error(where);
    return std::optional<Delivery>{};
  }
  delivery.number = rows.integer(0);
  delivery.referral = rows.id(1, ReferralId());
  delivery.kind = rows.text(2);
  delivery.key = rows.text(3);
  delivery.media_type = rows.text(4);
  delivery.rests_on_version = rows.integer(5);
  delivery.attempts = static_cast<int>(rows.integer(6));
  delivery.maybe_arrived = rows.integer(7) != 0;
  return std::optional(std::move(delivery));
}

/// Alerts before the rest.
Result<std::optional<Delivery>> take_next(Session& session, const DestinationId& destination,
                                          const Claim& claim) {
  auto taken = take(session, destination, 0, claim);
  if (taken && !*taken) taken = take(session, destination, 1, claim);
  return taken;
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

Result<void> bury(Session& session, std::int64_t number) {
  const auto buried =
      session.db.change(Queries::end_delivery, number, delivery_state_name(DeliveryState::dead),
                        error_row(ErrorCode::store_damaged).name, session.now);
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
  for (;;) {
    auto taken = take_next(session, destination, claim);
    if (!taken || !*taken) return taken;
    const auto readable = read_body(session, **taken);
    if (!readable) return readable.error();
    if (*readable) return taken;
    // A damaged row leaves the line, so that the others pass.
    if (auto buried = bury(session, (*taken)->number); !buried) return buried.error();
  }
}

Result<void> settle_delivery(Session& session, const Delivery& delivery,
                             const Settlement& settlement, const Changes& changes) {
  if (settlement.state == DeliveryState::in_flight) {
    return Error{ErrorCode::invalid, where, "a try that has ended is not in flight"};
  }
  const bool maybe = settlement.maybe_arrived || settlement.state == DeliveryState::ambiguous;
  const auto receipt =
      session.envelope.seal(sealed::delivery_receipt, delivery.number, settlement.receipt);
  const auto settled =
      session.db.change(Queries::settle_delivery, delivery.number, delivery.lease,
                        delivery_state_name(settlement.state), due_after(settlement, session.now),
                        TextOrNull{settlement.error}, session.now, Blob(receipt), int{maybe});
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
  const auto due = state == DeliveryState::queued ? std::optional(session.now) : std::nullopt;
  const auto decided = session.db.change(Queries::decide_delivery, number,
                                         delivery_state_name(state), due, session.now);
  if (!decided) return decided.error();
  if (*decided == 0) {
    return Error{ErrorCode::not_found, where, "no such ambiguous or dead delivery"};
  }
  return apply_changes(session, changes);
}

}  // namespace meridian::store::postgres
