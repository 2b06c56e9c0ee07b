// SPDX-License-Identifier: Apache-2.0
#include "store/work.h"

#include "store/changes.h"
#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.work";

Error lost_lease() {
  return {ErrorCode::stale, where, "the lease of the work was lost"};
}

/// A claimed item; without its detail when that no longer opens.
struct Claimed {
  WorkItem item;
  bool readable = false;
};

Result<std::optional<Claimed>> claim_one(Session& session, const Claim& claim,
                                         const std::string& lease) {
  const auto now = session.clock();
  const auto lease_ends = now + claim.lease;
  auto rows = session.db.select(Queries::claim_work, now, lease_ends, lease, claim.owner);
  if (!rows.next()) {
    if (rows.failed()) return rows.error(where);
    return std::optional<Claimed>{};
  }
  Claimed claimed;
  auto& item = claimed.item;
  item.number = rows.integer(0);
  item.kind = rows.text(1);
  item.referral = rows.id(2, ReferralId());
  item.attempts = static_cast<int>(rows.integer(3));
  item.lease = lease;
  item.lease_ends = lease_ends;
  auto detail = session.envelope.open(sealed::work_detail, item.number, rows.view(4));
  claimed.readable = detail.has_value();
  if (detail) item.detail = std::move(*detail);
  if (rows.next() || rows.failed()) return rows.error(where);
  return std::optional(std::move(claimed));
}

/// Ends the lease and the item with it.
Result<void> remove(Session& session, const WorkItem& item) {
  const auto removed =
      session.db.change(Queries::finish_work, item.lease_ends, item.number, item.lease);
  if (!removed) return removed.error();
  if (*removed == 0) return lost_lease();
  return {};
}

Result<void> bury(Session& session, const WorkItem& item, ErrorCode code) {
  const auto buried = session.db.change(Queries::bury_work, item.lease_ends, item.number,
                                        item.lease, error_row(code).name);
  if (!buried) return buried.error();
  return remove(session, item);
}

}  // namespace

Result<std::vector<WorkItem>> claim_work(Session& session, const Claim& claim, int limit) {
  std::vector<WorkItem> items;
  const auto lease = new_lease();
  while (static_cast<int>(items.size()) < limit) {
    auto claimed = claim_one(session, claim, lease);
    if (!claimed) return claimed.error();
    if (!*claimed) break;
    if ((*claimed)->readable) {
      items.push_back(std::move((*claimed)->item));
    } else if (auto buried = bury(session, (*claimed)->item, ErrorCode::store_damaged); !buried) {
      return buried.error();  // a damaged item leaves the line, so that the others pass
    }
  }
  return items;
}

Result<void> finish_work(Session& session, const WorkItem& item, const Changes& changes) {
  if (auto removed = remove(session, item); !removed) return removed;
  return apply_changes(session, changes);
}

Result<void> return_work(Session& session, const WorkItem& item, std::optional<Instant> due,
                         const Error& error) {
  if (!due) return bury(session, item, error.code);
  const auto returned = session.db.change(Queries::return_work, item.lease_ends, item.number,
                                          item.lease, *due, error_row(error.code).name);
  if (!returned) return returned.error();
  if (*returned == 0) return lost_lease();
  return {};
}

Result<void> revive_work(Session& session, std::int64_t number) {
  const auto revived = session.db.change(Queries::revive_work, number, session.clock());
  if (!revived) return revived.error();
  if (*revived == 0) {
    return Error{ErrorCode::not_found, where,
                 "no such work was given up, or it runs again already"};
  }
  const auto ended = session.db.change(Queries::end_dead_work, number);
  if (!ended) return ended.error();
  return {};
}

Result<bool> hold_lease(Session& session, std::string_view name, const Claim& claim) {
  const auto now = session.clock();
  if (const auto ended = session.db.change(Queries::end_leases, now); !ended) return ended.error();
  const auto held =
      session.db.change(Queries::hold_lease, name, claim.owner, now, now + claim.lease);
  if (!held) return held.error();
  return *held == 1;
}

}  // namespace meridian::store
