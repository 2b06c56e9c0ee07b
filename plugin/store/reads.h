// SPDX-License-Identifier: Apache-2.0
// What can be asked of the store; each read is one snapshot on a read connection.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/envelope.h"
#include "store/rows.h"
#include "store/sqlite.h"

namespace meridian::store {

/// A read connection and what opens its sealed columns.
struct Reading {
  Connection& db;
  const Envelope& envelope;
};

/// See the operations of the same names in Store. One row or none:
Result<std::optional<ReferralRow>> read_referral(Reading reading, const ReferralId& id);
Result<std::optional<ReferralId>> read_alias(Reading reading, std::string_view kind,
                                             std::string_view value);
Result<std::optional<MessageRow>> read_message(Reading reading, const MessageId& id);
Result<bool> has_message(Reading reading, const SourceId& source, std::string_view sender_id);
Result<std::optional<FactsRow>> read_facts(Reading reading, std::string_view fact_id);
Result<std::optional<FactsRow>> read_latest_facts(Reading reading, const ReferralId& id);
Result<std::optional<DeliveryRow>> read_delivery(Reading reading, std::int64_t number);
Result<std::optional<AlertRow>> read_alert(Reading reading, std::string_view alert_id);
Result<std::string> read_cursor(Reading reading, const SourceId& source, std::string_view name);
Result<Counts> read_counts(Reading reading, Instant now);
Result<std::optional<Instant>> read_next_due(Reading reading);

/// Lists:
Result<std::vector<ReferralRow>> list_referrals(Reading reading, int limit);
Result<std::vector<ReferralId>> list_unguarded(Reading reading, std::string_view state, int limit);
Result<std::vector<ReferralId>> list_shared_alias(Reading reading, std::string_view kind,
                                                  std::string_view value);
Result<std::vector<EventRow>> list_events(Reading reading, const ReferralId& id);
Result<std::vector<MessageRow>> list_messages_of(Reading reading, const ReferralId& id);
Result<std::vector<DeliveryRow>> list_deliveries(Reading reading, const ReferralId& id);
Result<std::vector<DeliveryRow>> list_outbox(Reading reading, int limit);
Result<std::vector<DeliveryRow>> list_dead_letters(Reading reading, int limit);
Result<std::vector<DeadWork>> list_dead_work(Reading reading, int limit);
Result<std::vector<QuarantineRow>> list_quarantine(Reading reading, int limit);
Result<std::vector<AlertRow>> list_open_alerts(Reading reading);
Result<std::vector<OfferLoad>> list_loads(Reading reading, Instant since);
Result<std::vector<ShelfRow>> list_shelf(Reading reading, const DestinationId& destination,
                                         Instant since);
Result<std::vector<DestinationId>> list_due_destinations(Reading reading, Instant now);
Result<std::vector<RestoreRow>> list_restores(Reading reading);
Result<Tallies> list_tallies(Reading reading);
Result<std::vector<Walk>> list_walks(Reading reading, Instant since, Orderers orderers);

/// Rows of queries that give whole rows, in the order of their columns.
Result<ReferralRow> referral_of(const Rows& rows, const Envelope& envelope);
Result<MessageRow> message_of(const Rows& rows, const Envelope& envelope);
AlertRow alert_of(const Rows& rows);

}  // namespace meridian::store
