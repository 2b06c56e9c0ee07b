// SPDX-License-Identifier: Apache-2.0
// Every entry of every audit chain, shown while the chains are checked: for the export.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "store/postgres/postgres_store.h"
#include "store/rows.h"
#include "store/sqlite_store.h"

namespace meridian::store {

/// An entry, and the node whose chain it stands in.
struct ChainedRow : AuditRow {
  std::string node;
};
using SeeEntry = std::function<void(const ChainedRow&)>;

/// Shows all entries by node and number, in one snapshot, also beside a runtime, and checks them as
/// Store::verify_audit does; the value is their number. Errors: as of open_sqlite_to_read; a broken
/// chain is store_damaged with the number of the first bad entry, after all entries were shown.
Result<std::int64_t> walk_audit(const SqliteSettings& settings, const SeeEntry& see);
/// The same on a server. Errors: as of open_postgres_to_read, and those above.
Result<std::int64_t> walk_audit(const PostgresSettings& settings, const SeeEntry& see);

}  // namespace meridian::store
