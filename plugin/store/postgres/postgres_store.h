// SPDX-License-Identifier: Apache-2.0
// The store on PostgreSQL 15 or newer: several nodes share one database.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/migration_plan.h"
#include "store/site_key.h"
#include "store/store.h"

namespace meridian::store {

struct PostgresSettings {
  /// "postgresql://user@host:port/database?sslmode=verify-full", as libpq reads it; a password
  /// stands in the file that PGPASSFILE or passfile= names, never here.
  std::string url;
  SecretKey site_key;
  std::string node = "main";  ///< names this node's audit chain; no two live nodes have one name
  bool create = true;         ///< make the tables when there are none
  bool check = false;         ///< opening to read refuses also what open_postgres would
  std::chrono::milliseconds statement_timeout{15'000};  ///< a third of it for locks
  /// How long opening waits for a session of the same name to end.
  std::chrono::milliseconds name_patience{5'000};
  /// How long the server may be away before a commit in doubt is given up as `interrupted`.
  std::chrono::milliseconds commit_patience{30'000};
};

/// Connects, brings the schema up to this build and starts the writer. Leases and what is due go by
/// the database's time. Errors: store_busy when another runtime has this node's name; misconfigured
/// when the server is older than 15, can only be read, does not keep what it acknowledges (fsync
/// off), has another encoding than UTF-8 or gives no right to make tables, and when the database is
/// newer than this build, another program's, or sealed with another site key; store_failed when it
/// cannot be reached.
Result<std::unique_ptr<Store>> open_postgres(const PostgresSettings& settings);

/// Opens the database only to read it, also beside runtimes: takes no name, brings nothing up to
/// date, and refuses every operation that changes something with forbidden. A standby will do.
/// Errors: as above without store_busy; not_found when nothing was made yet; misconfigured also
/// when the schema is older than this build.
Result<std::unique_ptr<Store>> open_postgres_to_read(const PostgresSettings& settings);

/// What the next start would do to the schema; changes nothing and needs no site key. All are to be
/// applied when there are no tables yet. Errors: as of open_postgres_to_read, save what a key
/// shows.
Result<std::vector<PlannedMigration>> plan_postgres_migrations(const PostgresSettings& settings);

}  // namespace meridian::store
