// SPDX-License-Identifier: Apache-2.0
// One row or none of what the store has; each is one snapshot. See the operations of the same names
// in Store. One text for both databases: their statements give the same columns.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "store/hidden_parts.h"
#include "store/reading.h"
#include "store/rows.h"

namespace meridian::store {

template <typename Rows>
Result<FactsRow> facts_of(const Rows& rows, const Envelope& envelope) {
  FactsRow row;
  row.id = rows.text(1);
  row.referral = rows.id(2, ReferralId());
  row.media_type = rows.text(3);
  row.at = rows.instant(4);
  auto history = envelope.open(sealed::facts_history, rows.integer(0), rows.view(5));
  if (!history) return history.error();
  auto body = envelope.open(sealed::facts_body, rows.integer(0), rows.view(6));
  if (!body) return body.error();
  row.history = std::move(*history);
  row.body = std::move(*body);
  return row;
}

/// The only row of a query by a function that makes a Result of it, or none.
template <typename Row, typename Rows, typename Read>
Result<std::optional<Row>> only(Rows rows, const Read& read) {
  if (!rows.next()) {
    if (rows.failed()) return rows.error("store.reads");
    return std::optional<Row>{};
  }
  Result<Row> row = read(rows);
  if (!row) return row.error();
  return std::optional<Row>(std::move(*row));
}

inline bool is_kept(const MessageRow& row) {
  return !row.body.empty();
}

inline bool is_kept(const FactsRow& row) {
  return !row.body.empty() || !row.history.empty();
}

/// Nothing in place of a row whose body is kept no more; see Store::prune.
template <typename Row>
Result<std::optional<Row>> if_kept(Result<std::optional<Row>> row) {
  if (row && *row && !is_kept(**row)) row->reset();
  return row;
}

template <typename Rows>
Result<ReferralRow> referral_of(const Rows& rows, const Envelope& envelope) {
  ReferralRow row;
  row.id = rows.id(1, ReferralId());
  row.source = rows.id(2, SourceId());
  row.direction = rows.text(3);
  row.state = rows.text(4);
  row.version = rows.integer(5);
  row.owner = rows.text(6);
  row.worklist = rows.text(7);
  row.destination = rows.id(8, DestinationId());
  row.created_at = rows.instant(9);
  row.updated_at = rows.instant(10);
  const auto hidden = envelope.open(sealed::referral_hidden, rows.integer(0), rows.view(11));
  if (!hidden) return hidden.error();
  if (!unpack_hidden(*hidden, row)) {
    return Error{ErrorCode::store_damaged, "store.reads", "a referral cannot be read",
                 rows.integer(0)};
  }
  return row;
}

template <typename Rows>
Result<MessageRow> message_of(const Rows& rows, const Envelope& envelope) {
  MessageRow row;
  row.id = rows.id(1, MessageId());
  row.source = rows.id(2, SourceId());
  row.sender_id = rows.text(3);
  row.media_type = rows.text(4);
  row.received_at = rows.instant(5);
  auto body = envelope.open(sealed::message_body, rows.integer(0), rows.view(6));
  if (!body) return body.error();
  row.body = std::move(*body);
  return row;
}

template <typename Rows>
AlertRow alert_of(const Rows& rows) {
  AlertRow row;
  row.id = rows.text(0);
  row.referral = rows.id(1, ReferralId());
  row.contact = rows.text(2);
  row.rule = rows.text(3);
  row.at = rows.instant(4);
  row.level = static_cast<int>(rows.integer(5));
  row.acknowledged_at = rows.maybe_instant(6);
  row.acknowledged_by = rows.text(7);
  return row;
}

template <typename Db>
Result<std::optional<ReferralRow>> read_referral(Reading<Db> reading, const ReferralId& id) {
  return only<ReferralRow>(reading.db.select(Db::Queries::referral_by_id, id),
                           [&](const auto& rows) { return referral_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::optional<MessageRow>> read_message(Reading<Db> reading, const MessageId& id) {
  return if_kept(
      only<MessageRow>(reading.db.select(Db::Queries::message_by_id, id),
                       [&](const auto& rows) { return message_of(rows, reading.envelope); }));
}

template <typename Db>
Result<bool> has_message(Reading<Db> reading, const SourceId& source, std::string_view sender_id) {
  auto rows = reading.db.select(Db::Queries::message_by_key, source, sender_id);
  if (rows.next()) return true;
  if (rows.failed()) return rows.error("store.reads");
  return false;
}

template <typename Db>
Result<std::optional<FactsRow>> read_facts(Reading<Db> reading, std::string_view fact_id) {
  return if_kept(
      only<FactsRow>(reading.db.select(Db::Queries::facts_by_id, fact_id),
                     [&](const auto& rows) { return facts_of(rows, reading.envelope); }));
}

template <typename Db>
Result<std::optional<FactsRow>> read_latest_facts(Reading<Db> reading, const ReferralId& id) {
  return if_kept(
      only<FactsRow>(reading.db.select(Db::Queries::latest_facts, id),
                     [&](const auto& rows) { return facts_of(rows, reading.envelope); }));
}

template <typename Db>
Result<std::optional<AlertRow>> read_alert(Reading<Db> reading, std::string_view alert_id) {
  return only<AlertRow>(reading.db.select(Db::Queries::alert_by_id, alert_id),
                        [](const auto& rows) { return Result(alert_of(rows)); });
}

template <typename Db>
Result<std::optional<ReferralId>> read_alias(Reading<Db> reading, std::string_view kind,
                                             std::string_view value) {
  const auto index = reading.envelope.blind(kind, value);
  return only<ReferralId>(reading.db.select(Db::Queries::alias_referral, typename Db::Blob(index)),
                          [](const auto& rows) { return Result(rows.id(0, ReferralId())); });
}

template <typename Db>
Result<std::int64_t> read_size(Reading<Db> reading) {
  auto rows = reading.db.select(Db::Queries::used_bytes);
  if (!rows.next()) return rows.error("store.reads");
  return rows.integer(0);
}

/// `now` is empty where the database has a clock of its own.
template <typename Db, typename... Now>
Result<Counts> read_counts(Reading<Db> reading, Now... now) {
  auto rows = reading.db.select(Db::Queries::counts, now...);
  if (!rows.next()) return rows.error("store.reads");
  Counts counts;
  counts.messages = rows.integer(0);
  counts.quarantined = rows.integer(1);
  counts.referrals = rows.integer(2);
  counts.work_due = rows.integer(3);
  counts.work_dead = rows.integer(4);
  counts.queued = rows.integer(6);
  counts.ambiguous = rows.integer(7);
  counts.dead = rows.integer(8);
  const auto all_deliveries = rows.integer(5);
  const auto superseded = rows.integer(9);
  counts.delivered = all_deliveries - counts.queued - counts.ambiguous - counts.dead - superseded;
  counts.open_alerts = rows.integer(10);
  return counts;
}

}  // namespace meridian::store
