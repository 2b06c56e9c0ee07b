// SPDX-License-Identifier: Apache-2.0
// Forward-only migrations: numbered SQL files, embedded, applied in order, never edited afterwards.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/migration_plan.h"

namespace meridian::store {

class Connection;

/// One file of store/migrations.
struct Migration {
  int number;  ///< 1, 2, 3 ... without gaps
  const char* name;
  const char* sql;
};

/// The migrations of this build, in order.
std::span<const Migration> embedded_migrations();
/// Those for PostgreSQL.
std::span<const Migration> postgres_migrations();

/// Brings the schema to the last of `migrations`, in one transaction. The value says whether the
/// database was empty before. Errors: misconfigured when the database is newer than this build, is
/// not Meridian's, or was made by a migration that has been edited since.
Result<bool> migrate(Connection& db, std::span<const Migration> migrations, Instant now);

/// How many of `migrations` the database has. Errors: not_found when there are no tables yet;
/// misconfigured when the database is another program's or newer.
Result<std::size_t> count_applied(Connection& db, std::span<const Migration> migrations);

/// All of them, the first `applied` as applied.
std::vector<PlannedMigration> plan_of(std::span<const Migration> migrations, std::size_t applied);

/// That nothing is to be applied. Errors: not_found when there are no tables yet; misconfigured
/// when the database is another program's, newer or older.
Result<void> check_current(Connection& db, std::span<const Migration> migrations);

}  // namespace meridian::store
