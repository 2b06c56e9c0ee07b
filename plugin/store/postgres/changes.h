// SPDX-License-Identifier: Apache-2.0
// Writes what an operation changes besides the row it is about.
#pragma once

#include "base/result.h"
#include "store/postgres/session.h"

namespace meridian::store::postgres {

/// Applies all of `changes` in the transaction of the session. Errors: stale when a referral is not
/// at its expected version, conflict when an alias belongs to another referral.
Result<void> apply_changes(Session& session, const Changes& changes);

}  // namespace meridian::store::postgres
