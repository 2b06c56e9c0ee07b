// SPDX-License-Identifier: Apache-2.0
// WORK: items are leased, ended with what they changed, given back, or given up.
#pragma once

#include "base/result.h"
#include "store/lease.h"
#include "store/rows.h"
#include "store/session.h"

namespace meridian::store {

/// See the operations of the same names in Store.
Result<std::vector<WorkItem>> claim_work(Session& session, const Claim& claim, int limit);
Result<void> finish_work(Session& session, const WorkItem& item, const Changes& changes);
Result<void> return_work(Session& session, const WorkItem& item, std::optional<Instant> due,
                         const Error& error);
Result<void> revive_work(Session& session, std::int64_t number);
Result<bool> hold_lease(Session& session, std::string_view name, const Claim& claim);

}  // namespace meridian::store
