// SPDX-License-Identifier: Apache-2.0
// The embedded store: one SQLite database, one writer, group commit.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/migration_plan.h"
#include "store/site_key.h"
#include "store/store.h"

namespace meridian::store {

struct SqliteSettings {
  std::string path;  ///< the database; beside it are path-wal, path-shm and path.lock
  SecretKey site_key;
  Clock clock = &system_now;                     ///< thread-safe; leases and what is due go by it
  std::string node = "main";                     ///< names this node's audit chain
  bool create = false;                           ///< make the database when there is none
  bool quick_check = false;                      ///< look for damage first; reads the whole file
  std::chrono::milliseconds busy_timeout{5000};  ///< how long to wait for another program
  int log_pages = 12000;      ///< length of the write-ahead log, in pages of 4 kB, that is copied
  bool copy_in_turn = false;  ///< writing waits while the log is copied; for tests that count calls
  std::string vfs;            ///< SQLite's file layer by name; empty for its default
};

/// Opens the database, brings its schema up to this build and starts the writer. Errors:
/// not_found when it is not there and may not be made; store_busy when another runtime has it open;
/// store_damaged; misconfigured when it is newer than this build, another program's, or sealed with
/// another site key; store_full, store_failed.
Result<std::unique_ptr<Store>> open_sqlite(const SqliteSettings& settings);

/// Opens the database only to read it, also beside a runtime that has it open: takes no lock,
/// brings nothing up to date, and refuses every operation that changes something with forbidden.
/// What is read is the newest commit. Errors: as above without store_busy; misconfigured also when
/// the schema is older than this build. When nobody else has it open, SQLite needs the right to
/// write to its folder and leaves path-wal and path-shm there for the next runtime.
Result<std::unique_ptr<Store>> open_sqlite_to_read(const SqliteSettings& settings);

/// What the next start would do to the schema; changes nothing. All are to be applied when there is
/// no database yet. Errors: misconfigured when it is newer than this build or another program's.
Result<std::vector<PlannedMigration>> plan_sqlite_migrations(const SqliteSettings& settings);

}  // namespace meridian::store
