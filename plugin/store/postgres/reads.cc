// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/reads.h"

#include "store/hidden_parts.h"
#include "store/postgres/operations.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.reads";

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

/// The only row of a query, or none.
template <typename Row>
Result<std::optional<Row>> only(Rows rows, const Envelope& envelope,
                                Result<Row> (*read)(const Rows&, const Envelope&)) {
  if (!rows.next()) {
    if (rows.failed()) return rows.error(where);
    return std::optional<Row>{};
  }
  auto row = read(rows, envelope);
  if (!row) return row.error();
  return std::optional<Row>(std::move(*row));
}

}  // namespace

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
    return Error{ErrorCode::store_damaged, where, "a referral cannot be read", rows.integer(0)};
  }
  return row;
}

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

Result<std::optional<ReferralRow>> read_referral(Reading reading, const ReferralId& id) {
  return only(reading.db.select(queries::referral_by_id, id), reading.envelope, &referral_of);
}

Result<std::optional<MessageRow>> read_message(Reading reading, const MessageId& id) {
  return only(reading.db.select(queries::message_by_id, id), reading.envelope, &message_of);
}

Result<bool> has_message(Reading reading, const SourceId& source, std::string_view sender_id) {
  auto rows = reading.db.select(queries::message_by_key, source, sender_id);
  if (rows.next()) return true;
  if (rows.failed()) return rows.error(where);
  return false;
}

Result<std::optional<FactsRow>> read_facts(Reading reading, std::string_view fact_id) {
  return only(reading.db.select(queries::facts_by_id, fact_id), reading.envelope, &facts_of);
}

Result<std::optional<FactsRow>> read_latest_facts(Reading reading, const ReferralId& id) {
  return only(reading.db.select(queries::latest_facts, id), reading.envelope, &facts_of);
}

Result<std::optional<AlertRow>> read_alert(Reading reading, std::string_view alert_id) {
  auto rows = reading.db.select(queries::alert_by_id, alert_id);
  if (rows.next()) return std::optional(alert_of(rows));
  if (rows.failed()) return rows.error(where);
  return std::optional<AlertRow>{};
}

Result<std::optional<ReferralId>> read_alias(Reading reading, std::string_view kind,
                                             std::string_view value) {
  const auto index = reading.envelope.blind(kind, value);
  auto rows = reading.db.select(queries::alias_referral, Blob(index));
  if (rows.next()) return std::optional(rows.id(0, ReferralId()));
  if (rows.failed()) return rows.error(where);
  return std::optional<ReferralId>{};
}

Result<std::string> read_cursor(Reading reading, const SourceId& source, std::string_view name) {
  auto rows = reading.db.select(queries::cursor_value, source, name);
  if (rows.next()) {
    const auto scope = cursor_scope(source, name);
    return reading.envelope.open(sealed::cursor_value, RowKey(0, scope), rows.view(0));
  }
  if (rows.failed()) return rows.error(where);
  return std::string{};
}

Result<Counts> read_counts(Reading reading) {
  auto rows = reading.db.select(queries::counts);
  if (!rows.next()) return rows.error(where);
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

Result<std::optional<Instant>> read_next_due(Reading reading) {
  auto rows = reading.db.select(queries::next_due);
  if (!rows.next()) return rows.error(where);
  return rows.maybe_instant(0);
}

}  // namespace meridian::store::postgres
