// SPDX-License-Identifier: Apache-2.0
// Writes what an operation changes besides the row it is about.
#pragma once

#include "base/result.h"
#include "store/rows.h"
#include "store/session.h"

namespace meridian::store {

/// Applies all of `changes` in the transaction of the session. Errors: stale when a referral is not
/// at the version that it was read at, conflict when an alias belongs to another referral.
Result<void> apply_changes(Session& session, const Changes& changes);

/// Appends one row to the outbox.
Result<void> add_delivery(Session& session, const NewDelivery& delivery);

}  // namespace meridian::store
