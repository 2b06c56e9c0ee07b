// SPDX-License-Identifier: Apache-2.0
// What a runtime that died had claimed: nobody works on it, so nobody need wait for the lease.
#pragma once

#include <string>

#include "base/time.h"
#include "store/postgres/connection.h"
#include "store/sqlite.h"

namespace meridian::store {

/// Makes due again what any runtime had claimed: the file has one runtime, and that is the caller.
/// What was claimed more than once waits for its lease, so that an item that kills the runtime does
/// not kill it again at once. Within a transaction. Errors: store errors.
Result<void> free_abandoned(Connection& db, Instant now);

namespace postgres {

/// The same for what was claimed by `node`, whose name the caller holds.
Result<void> free_abandoned(Connection& db, const std::string& node);

}  // namespace postgres
}  // namespace meridian::store
