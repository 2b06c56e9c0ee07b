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

/// A claimed item; its number alone when the detail no longer opens.
struct Claimed {
  WorkItem item;
  bool readable = false;
};

Result<std::optional<Claimed>> claim_one(Session& session, const Claim& claim,
                                         const std::string& lease) {
  const auto now = session.clock();
  auto rows = session.db.select(queries::claim_work, now, now + claim.lease, lease, claim.owner);
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
  auto detail = session.envelope.open(sealed::work_detail, item.number, rows.view(4));
  claimed.readable = detail.has_value();
  if (detail) item.detail = std::move(*detail);
  if (rows.next() || rows.failed()) return rows.error(where);
  return std::optional(std::move(claimed));
}

Result<void> bury(Session& session, std::int64_t number) {
  const auto name = error_row(ErrorCode::store_damaged).name;
  const auto buried = session.db.change(queries::bury_work, number, name);
  if (!buried) return buried.error();
  return {};
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
    } else if (auto buried = bury(session, (*claimed)->item.number); !buried) {
      return buried.error();  // a damaged item leaves the line, so that the others pass
    }
  }
  return items;
}

Result<void> finish_work(Session& session, const WorkItem& item, const Changes& changes) {
  const auto finished = session.db.change(queries::finish_work, item.number, item.lease);
  if (!finished) return finished.error();
  if (*finished == 0) return lost_lease();
  return apply_changes(session, changes);
}

Result<void> return_work(Session& session, const WorkItem& item, std::optional<Instant> due,
                         const Error& error) {
  const auto returned = session.db.change(queries::return_work, item.number, item.lease, due,
                                          error_row(error.code).name);
  if (!returned) return returned.error();
  if (*returned == 0) return lost_lease();
  return {};
}

Result<void> revive_work(Session& session, std::int64_t number) {
  const auto revived = session.db.change(queries::revive_work, number, session.clock());
  if (!revived) return revived.error();
  if (*revived == 0) {
    return Error{ErrorCode::not_found, where,
                 "no such work was given up, or it runs again already"};
  }
  return {};
}

}  // namespace meridian::store
