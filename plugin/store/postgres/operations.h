// SPDX-License-Identifier: Apache-2.0
// The operations that change something, each inside the transaction of a session. See the ones of
// the same names in Store.
#pragma once

#include "base/result.h"
#include "store/lease.h"
#include "store/postgres/session.h"

namespace meridian::store::postgres {

// messages.cc
Result<Accepted> accept_message(Session& session, const NewMessage& message,
                                const Changes& changes);
Result<void> end_quarantine(Session& session, const MessageId& id, std::string_view answer,
                            const Changes& changes);
Result<void> put_cursor(Session& session, const SourceId& source, std::string_view name,
                        std::string_view value);
Result<void> put_facts(Session& session, const std::string& id, const NewFacts& facts);
Result<void> end_alert(Session& session, std::string_view alert_id, std::string_view by,
                       const Changes& changes);
Result<bool> hold_lease(Session& session, std::string_view name, const Claim& claim);

// work.cc; without `due` the item is given up
Result<std::vector<WorkItem>> claim_work(Session& session, const Claim& claim, int limit);
Result<void> finish_work(Session& session, const WorkItem& item, const Changes& changes);
Result<void> return_work(Session& session, const WorkItem& item, std::optional<Instant> due,
                         const Error& error);
Result<void> revive_work(Session& session, std::int64_t number);

// outbox.cc
Result<std::optional<Delivery>> claim_delivery(Session& session, const DestinationId& destination,
                                               const Claim& claim);
Result<void> settle_delivery(Session& session, const Delivery& delivery,
                             const Settlement& settlement, const Changes& changes);
Result<void> decide_delivery(Session& session, std::int64_t number, DeliveryState state,
                             const Changes& changes);

// restored.cc
Result<std::int64_t> mark_restored(Session& session, Instant taken_at, std::string_view by);

// prune.cc
Result<Pruning> prune(Session& session, const Retention& retention, const Pruning& so_far);
/// Makes the parts for the bodies of this month and the next, where there are none yet.
Result<void> make_body_months(Connection& db);

/// What a cursor's value is bound to: it has no number, since two nodes may make it at once.
std::string cursor_scope(const SourceId& source, std::string_view name);

}  // namespace meridian::store::postgres
