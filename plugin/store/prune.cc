// SPDX-License-Identifier: Apache-2.0
#include "store/prune.h"

#include "store/lists.h"
#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.prune";

/// The last row of the next step; nothing when the stage is over.
Result<std::optional<std::int64_t>> last_of_step(Session& session, const Query& query,
                                                 std::int64_t after) {
  auto rows = session.db.select(query, after);
  if (!rows.next()) return rows.error(where);
  if (rows.null(0)) return std::optional<std::int64_t>();
  return std::optional(rows.integer(0));
}

/// All that goes with one referral; the value is how many bodies went.
Result<std::int64_t> prune_referral(Session& session, const ReferralId& id) {
  const auto facts = session.db.change(Queries::prune_facts, id);
  if (!facts) return facts;
  const auto deliveries = session.db.change(Queries::prune_deliveries, id);
  if (!deliveries) return deliveries;
  if (auto dropped = session.db.change(Queries::drop_deliveries, id); !dropped) return dropped;
  const auto shelves = session.db.change(Queries::prune_shelves, id);
  if (!shelves) return shelves;
  return *facts + *deliveries;
}

Result<std::int64_t> prune_messages(Session& session, const Retention& retention,
                                    std::int64_t after, std::int64_t last) {
  auto chosen =
      session.db.change(Queries::choose_messages, after, last, retention.referrals_before,
                        ended_states(retention), held_ids(retention), retention.messages_before);
  if (!chosen || *chosen == 0) return chosen;
  for (const auto* query :
       {&Queries::drop_messages, &Queries::put_messages_back, &Queries::forget_pruned}) {
    if (auto done = session.db.change(*query); !done) return done;
  }
  return chosen;
}

Result<std::int64_t> prune_referrals(Session& session, const Retention& retention,
                                     std::int64_t after, std::int64_t last) {
  const auto ids = all<ReferralId>(
      session.db.select(Queries::referrals_to_prune, after, last, retention.referrals_before,
                        ended_states(retention), held_ids(retention)),
      [](const auto& rows) { return Result(rows.id(0, ReferralId())); });
  if (!ids) return ids.error();
  std::int64_t bodies = 0;
  for (const auto& id : *ids) {
    const auto gone = prune_referral(session, id);
    if (!gone) return gone;
    bodies += *gone;
  }
  return bodies;
}

}  // namespace

Result<Pruning> prune(Session& session, const Retention& retention, const Pruning& so_far) {
  const bool messages = so_far.stage == 0;
  const auto& steps = messages ? Queries::last_of_messages : Queries::last_of_referrals;
  const auto last = last_of_step(session, steps, so_far.after);
  if (!last) return last.error();
  if (!*last) return Pruning{1, 0, so_far.bodies, !messages};
  const auto gone = messages ? prune_messages(session, retention, so_far.after, **last)
                             : prune_referrals(session, retention, so_far.after, **last);
  if (!gone) return gone.error();
  return Pruning{so_far.stage, **last, so_far.bodies + *gone, false};
}

}  // namespace meridian::store
