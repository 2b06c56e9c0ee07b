// SPDX-License-Identifier: Apache-2.0
// The backup as a file: one line that says what it is, then the database as it was.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/rows.h"

namespace meridian::store {

/// The first line of a backup: "meridian.backup/1 " and this as JSON.
struct BackupHead {
  Instant taken_at;   ///< nothing that was committed before is missing
  std::string build;  ///< version of the program that made it
  std::string node;   ///< that made it
  Counts counts;
  AuditHead audit;  ///< of that node; empty when it has written nothing
  std::int64_t bytes = 0;
  std::string sha256;  ///< of the bytes after the line, hexadecimal
};

std::string to_line(const BackupHead& head);

/// Writes head and content of the file `copy` to `file`: under another name first, then synced and
/// renamed. Sets `bytes` and `sha256` of `head`. Errors: conflict when `file` is there already;
/// store_full, store_failed.
Result<void> write_backup_file(const std::string& copy, const std::string& file, BackupHead& head);

/// Writes the database in `file` to `copy`, mode 0600 and synced. Errors: not_found; malformed when
/// it is no backup; store_damaged when its checksum differs; store_full, store_failed.
Result<BackupHead> read_backup_file(const std::string& file, const std::string& copy);

/// An empty file that only its owner may read. Errors: conflict when it is there; store_failed.
Result<void> make_private_file(const std::string& file);

/// Makes the names in the folder of `file` last. False on failure.
bool sync_folder(const std::string& file);

}  // namespace meridian::store
