// SPDX-License-Identifier: Apache-2.0
// Backing up the embedded store while it runs, and putting a backup back on any machine.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "store/backup_file.h"
#include "store/sqlite_store.h"

namespace meridian::store {

/// Writes one file with all that is committed at this moment, beside a runtime that has the
/// database open. The file appears whole or not at all, mode 0600; sealed values stay sealed, and
/// the site key is not in it. Needs twice the size of the database free beside `file`, for a while.
/// Errors: as of open_sqlite_to_read; conflict when `file` is there already; store_full,
/// store_failed.
Result<BackupHead> back_up_sqlite(const SqliteSettings& settings, const std::string& file,
                                  std::string_view build);

/// What a restore did.
struct Restored {
  BackupHead head;
  Instant restored_at;
  std::int64_t uncertain = 0;  ///< deliveries that may have arrived meanwhile
  std::string cut;             ///< RestoreRow::cut
  std::string put_aside;       ///< where the database is that was there before; empty: none was
};

/// Makes settings.path out of a backup. Checksum, key, schema, pages and audit chain are checked
/// and Store::mark_restored is done before the database gets its name. Errors: conflict when there
/// is a database and `force` is false; store_busy when a runtime has it open; store_damaged;
/// misconfigured when the site key is another one or the backup is newer than this build;
/// store_full, store_failed.
Result<Restored> restore_sqlite(const std::string& file, const SqliteSettings& settings,
                                std::string_view by, bool force);

}  // namespace meridian::store
