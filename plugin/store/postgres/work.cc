// SPDX-License-Identifier: Apache-2.0
// WORK: items are leased, ended with what they changed, given back, or given up.
#include "store/postgres/changes.h"
#include "store/postgres/operations.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.work";

Error lost_lease() {
  return {ErrorCode::stale, where, "the lease of the work was lost"};
}

/// Gives an item up; its lease ends with it.
Result<void> bury(Session& session, const WorkItem& item, ErrorCode code) {
  const auto buried =
      session.db.change(Queries::bury_work, item.number, item.lease, error_row(code).name);
  if (!buried) return buried.error();
  if (*buried == 0) return lost_lease();
  return {};
}

/// The rows of one claim. `damaged` gets those whose detail no longer opens.
Result<void> claim_rows(Session& session, const Claim& claim, int limit,
                        std::vector<WorkItem>& items, std::vector<WorkItem>& damaged) {
  const auto lease = new_lease();
  const auto lease_ends = session.now + claim.lease;
  auto rows =
      session.db.select(Queries::claim_work, session.now, lease_ends, lease, claim.owner, limit);
  while (rows.next()) {
    WorkItem item;
    item.number = rows.integer(0);
    item.kind = rows.text(1);
    item.referral = rows.id(2, ReferralId());
    item.attempts = static_cast<int>(rows.integer(3));
    item.lease = lease;
    item.lease_ends = lease_ends;
    auto detail = session.envelope.open(sealed::work_detail, item.number, rows.view(4));
    if (detail) item.detail = std::move(*detail);
    (detail ? items : damaged).push_back(std::move(item));
  }
  if (rows.failed()) return rows.error(where);
  return {};
}

}  // namespace

Result<std::vector<WorkItem>> claim_work(Session& session, const Claim& claim, int limit) {
  std::vector<WorkItem> items;
  for (;;) {
    std::vector<WorkItem> damaged;
    const auto left = limit - static_cast<int>(items.size());
    const auto claimed = claim_rows(session, claim, left, items, damaged);
    if (!claimed) return claimed.error();
    if (damaged.empty()) return items;
    // Damaged items leave the line, so that the others pass.
    for (const auto& item : damaged) {
      if (auto buried = bury(session, item, ErrorCode::store_damaged); !buried) {
        return buried.error();
      }
    }
  }
}

Result<void> finish_work(Session& session, const WorkItem& item, const Changes& changes) {
  const auto removed = session.db.change(Queries::finish_work, item.number, item.lease);
  if (!removed) return removed.error();
  if (*removed == 0) return lost_lease();
  return apply_changes(session, changes);
}

Result<void> return_work(Session& session, const WorkItem& item, std::optional<Instant> due,
                         const Error& error) {
  if (!due) return bury(session, item, error.code);
  const auto returned = session.db.change(Queries::return_work, item.number, item.lease, *due,
                                          error_row(error.code).name);
  if (!returned) return returned.error();
  if (*returned == 0) return lost_lease();
  return {};
}

Result<void> revive_work(Session& session, std::int64_t number) {
  const auto revived = session.db.change(Queries::revive_work, number, session.now);
  if (!revived) return revived.error();
  if (*revived == 0) {
    return Error{ErrorCode::not_found, where,
                 "no such work was given up, or it runs again already"};
  }
  const auto ended = session.db.change(Queries::end_dead_work, number);
  if (!ended) return ended.error();
  return {};
}

}  // namespace meridian::store::postgres
