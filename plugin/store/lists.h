// SPDX-License-Identifier: Apache-2.0
// What can be asked of the store; each list is one snapshot. See the operations of the same names
// in Store. One text for both databases: their statements give the same columns.
#pragma once

#include <unordered_map>
#include <vector>

#include "store/reads.h"

namespace meridian::store {

/// All rows of a query by a function that makes a Result of each.
template <typename Row, typename Rows, typename Read>
Result<std::vector<Row>> all(Rows rows, const Read& read) {
  std::vector<Row> list;
  while (rows.next()) {
    Result<Row> row = read(rows);
    if (!row) return row.error();
    list.push_back(std::move(*row));
  }
  if (rows.failed()) return rows.error("store.lists");
  return list;
}

template <typename Rows>
Result<EventRow> event_of(const Rows& rows, const Envelope& envelope) {
  EventRow row;
  row.number = rows.integer(0);
  row.referral = rows.id(1, ReferralId());
  row.actor = rows.text(2);
  row.actor_sequence = rows.text(3);
  row.kind = rows.text(4);
  row.at = rows.instant(5);
  row.message = rows.id(6, MessageId());
  const RowKey key(row.number, row.referral.str());
  auto detail = envelope.open(sealed::event_detail, key, rows.view(7));
  if (!detail) return detail.error();
  row.detail = std::move(*detail);
  return row;
}

template <typename Rows>
Result<DeliveryRow> delivery_of(const Rows& rows, const Envelope& envelope) {
  DeliveryRow row;
  row.number = rows.integer(0);
  row.referral = rows.id(1, ReferralId());
  row.destination = rows.id(2, DestinationId());
  row.kind = rows.text(3);
  row.key = rows.text(4);
  row.media_type = rows.text(5);
  row.rests_on_version = rows.integer(6);
  row.state = delivery_state_of(rows.view(7)).value_or(DeliveryState::dead);
  row.due = rows.maybe_instant(8).value_or(Instant{});
  row.attempts = static_cast<int>(rows.integer(9));
  row.error = rows.text(10);
  row.settled_at = rows.maybe_instant(11);
  row.maybe_arrived = rows.integer(12) != 0;
  auto receipt = envelope.open(sealed::delivery_receipt, row.number, rows.view(13));
  if (!receipt) return receipt.error();
  auto body = envelope.open(sealed::delivery_body, row.number, rows.view(14));
  if (!body) return body.error();
  row.receipt = std::move(*receipt);
  row.body = std::move(*body);
  return row;
}

template <typename Rows>
Result<QuarantineRow> quarantine_of(const Rows& rows, const Envelope& envelope) {
  QuarantineRow row;
  row.id = rows.id(1, MessageId());
  row.source = rows.id(2, SourceId());
  row.media_type = rows.text(3);
  row.received_at = rows.instant(4);
  auto issues = envelope.open(sealed::message_issues, rows.integer(0), rows.view(5));
  if (!issues) return issues.error();
  row.issues = std::move(*issues);
  return row;
}

template <typename Rows>
Result<DeadWork> dead_work_of(const Rows& rows) {
  DeadWork row;
  row.number = rows.integer(0);
  row.kind = rows.text(1);
  row.referral = rows.id(2, ReferralId());
  row.attempts = static_cast<int>(rows.integer(3));
  row.error = rows.text(4);
  return row;
}

/// Without its steps; who ordered where that was asked for.
template <typename Rows>
Result<Walk> walk_of(const Rows& rows, const Envelope& envelope, Orderers orderers) {
  Walk walk{rows.id(1, ReferralId()),    rows.id(2, SourceId()), {},
            rows.id(3, DestinationId()), rows.text(4),           {}};
  if (orderers == Orderers::left_out) return walk;
  const auto hidden = envelope.open(sealed::referral_hidden, rows.integer(0), rows.view(5));
  if (!hidden) return hidden.error();
  ReferralRow row;
  if (!unpack_hidden(*hidden, row)) {
    return Error{ErrorCode::store_damaged, "store.lists", "a referral cannot be read",
                 rows.integer(0)};
  }
  walk.requester = std::move(row.requester);
  return walk;
}

template <typename Rows>
Result<Walk::Step> step_of(const Rows& rows, const Envelope& envelope) {
  Walk::Step step{rows.text(3), rows.instant(4), ""};
  if (rows.view(5).empty()) return step;
  const auto referral = rows.text(2);
  auto detail = envelope.open(sealed::event_detail, {rows.integer(1), referral}, rows.view(5));
  if (!detail) return detail.error();
  step.detail = std::move(*detail);
  return step;
}

template <typename Db>
Result<std::vector<ReferralRow>> list_referrals(Reading<Db> reading, int limit) {
  return all<ReferralRow>(reading.db.select(Db::Queries::list_referrals, limit),
                          [&](const auto& rows) { return referral_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::vector<ReferralId>> list_unguarded(Reading<Db> reading, std::string_view state,
                                               int limit) {
  return all<ReferralId>(reading.db.select(Db::Queries::unguarded, state, limit),
                         [](const auto& rows) { return Result(rows.id(0, ReferralId())); });
}

template <typename Db>
Result<std::vector<ReferralId>> list_shared_alias(Reading<Db> reading, std::string_view kind,
                                                  std::string_view value) {
  const auto index = reading.envelope.blind(kind, value);
  return all<ReferralId>(reading.db.select(Db::Queries::shared_alias, typename Db::Blob(index)),
                         [](const auto& rows) { return Result(rows.id(0, ReferralId())); });
}

template <typename Db>
Result<std::vector<EventRow>> list_events(Reading<Db> reading, const ReferralId& id) {
  return all<EventRow>(reading.db.select(Db::Queries::events_of, id),
                       [&](const auto& rows) { return event_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::vector<MessageRow>> list_messages_of(Reading<Db> reading, const ReferralId& id) {
  return all<MessageRow>(reading.db.select(Db::Queries::messages_of, id),
                         [&](const auto& rows) { return message_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::vector<DeliveryRow>> list_deliveries(Reading<Db> reading, const ReferralId& id) {
  return all<DeliveryRow>(reading.db.select(Db::Queries::deliveries_of, id),
                          [&](const auto& rows) { return delivery_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::optional<DeliveryRow>> read_delivery(Reading<Db> reading, std::int64_t number) {
  auto rows = all<DeliveryRow>(reading.db.select(Db::Queries::delivery_by_number, number),
                               [&](const auto& row) { return delivery_of(row, reading.envelope); });
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<DeliveryRow>();
  return std::optional(std::move(rows->front()));
}

template <typename Db>
Result<std::vector<DeliveryRow>> list_outbox(Reading<Db> reading, int limit) {
  return all<DeliveryRow>(reading.db.select(Db::Queries::outbox, limit),
                          [&](const auto& rows) { return delivery_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::vector<DeliveryRow>> list_dead_letters(Reading<Db> reading, int limit) {
  return all<DeliveryRow>(reading.db.select(Db::Queries::dead_letters, limit),
                          [&](const auto& rows) { return delivery_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::vector<DeadWork>> list_dead_work(Reading<Db> reading, int limit) {
  return all<DeadWork>(reading.db.select(Db::Queries::dead_works, limit),
                       [](const auto& rows) { return dead_work_of(rows); });
}

template <typename Db>
Result<std::vector<QuarantineRow>> list_quarantine(Reading<Db> reading, int limit) {
  return all<QuarantineRow>(
      reading.db.select(Db::Queries::list_quarantine, limit),
      [&](const auto& rows) { return quarantine_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::vector<AlertRow>> list_open_alerts(Reading<Db> reading) {
  return all<AlertRow>(reading.db.select(Db::Queries::open_alerts),
                       [](const auto& rows) { return Result(alert_of(rows)); });
}

template <typename Db>
Result<std::vector<OfferLoad>> list_loads(Reading<Db> reading, Instant since) {
  return all<OfferLoad>(reading.db.select(Db::Queries::offer_loads, since), [](const auto& rows) {
    OfferLoad load;
    load.destination = rows.id(0, DestinationId());
    load.open = rows.integer(1);
    load.accepted = rows.integer(2);
    load.declined = rows.integer(3);
    load.mean_answer = std::chrono::milliseconds(rows.integer(4));
    return Result(load);
  });
}

template <typename Db>
Result<std::vector<ShelfRow>> list_shelf(Reading<Db> reading, const DestinationId& destination,
                                         Instant since) {
  return all<ShelfRow>(reading.db.select(Db::Queries::list_shelf, destination, since),
                       [](const auto& rows) {
                         return Result(ShelfRow{rows.id(0, ReferralId()), rows.instant(1)});
                       });
}

/// `now` is empty where the database has a clock of its own.
template <typename Db, typename... Now>
Result<std::vector<DestinationId>> list_due_destinations(Reading<Db> reading, Now... now) {
  return all<DestinationId>(reading.db.select(Db::Queries::due_destinations, now...),
                            [](const auto& rows) { return Result(rows.id(0, DestinationId())); });
}

template <typename Db>
Result<std::vector<RestoreRow>> list_restores(Reading<Db> reading) {
  return all<RestoreRow>(reading.db.select(Db::Queries::list_restores), [](const auto& rows) {
    return Result(RestoreRow{rows.instant(1), rows.instant(0), rows.text(2)});
  });
}

template <typename Db>
Result<Tallies> list_tallies(Reading<Db> reading) {
  Tallies tallies;
  auto deliveries = all<DeliveryTally>(
      reading.db.select(Db::Queries::delivery_tallies),
      [](const auto& rows) -> Result<DeliveryTally> {
        const auto state = delivery_state_of(rows.text(1));
        if (!state) return Error{ErrorCode::store_damaged, "store.tallies", "unknown state"};
        return DeliveryTally{rows.id(0, DestinationId()), *state, rows.text(2), rows.integer(3),
                             rows.maybe_instant(4)};
      });
  if (!deliveries) return deliveries.error();
  tallies.deliveries = std::move(*deliveries);
  auto referrals =
      all<ReferralTally>(reading.db.select(Db::Queries::referral_tallies), [](const auto& rows) {
        return Result(ReferralTally{rows.text(0), rows.integer(1)});
      });
  if (!referrals) return referrals.error();
  tallies.referrals = std::move(*referrals);
  return tallies;
}

template <typename Db>
Result<std::vector<Walk>> list_walks(Reading<Db> reading, Instant since, Orderers orderers) {
  std::vector<Walk> walks;
  std::unordered_map<std::int64_t, std::size_t> places;
  auto rows = reading.db.select(Db::Queries::walks, since, orderers == Orderers::named ? 1 : 0);
  while (rows.next()) {
    auto walk = walk_of(rows, reading.envelope, orderers);
    if (!walk) return walk.error();
    places[rows.integer(0)] = walks.size();
    walks.push_back(std::move(*walk));
  }
  if (rows.failed()) return rows.error("store.walks");
  auto steps = reading.db.select(Db::Queries::walk_steps, since);
  while (steps.next()) {
    // One that came between the two questions is of the next look.
    const auto place = places.find(steps.integer(0));
    if (place == places.end()) continue;
    auto step = step_of(steps, reading.envelope);
    if (!step) return step.error();
    walks[place->second].steps.push_back(std::move(*step));
  }
  if (steps.failed()) return steps.error("store.walks");
  return walks;
}

}  // namespace meridian::store
