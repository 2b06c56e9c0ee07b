// SPDX-License-Identifier: Apache-2.0
// Forward-only migrations on PostgreSQL; several nodes may start at the same time.
#pragma once

#include <span>

#include "base/result.h"
#include "store/migrations.h"
#include "store/postgres/connection.h"

namespace meridian::store::postgres {

/// Brings the schema to the last of `migrations`, in the transaction of the caller, which another
/// node that starts waits for. The value says whether there was no table before. Errors:
/// misconfigured when the schema is newer than this build, is not Meridian's, or was made by a
/// migration that has been edited since.
Result<bool> migrate(Connection& db, std::span<const Migration> migrations, Instant now);

/// How many of `migrations` the schema has. Errors: not_found when there are no tables yet;
/// misconfigured when the schema is another program's or newer.
Result<std::size_t> count_applied(Connection& db, std::span<const Migration> migrations);

/// That nothing is to be applied. Errors: not_found when there are no tables yet; misconfigured
/// when the schema is another program's, newer or older.
Result<void> check_current(Connection& db, std::span<const Migration> migrations);

}  // namespace meridian::store::postgres
