// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "store/audit.h"
#include "store/data_keys.h"
#include "store/lock_file.h"
#include "store/migrations.h"
#include "store/queries.h"
#include "store/rekey.h"
#include "store/reseal.h"
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.rekey";

/// What is overwritten goes out of the file, not only out of sight.
constexpr char pragmas[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON";

const Query end_keys{"end_keys", "DELETE FROM data_keys"};

Result<std::vector<WrappedKey>> read_keys(Connection& db) {
  std::vector<WrappedKey> keys;
  auto rows = db.select(Queries::list_keys);
  while (rows.next()) {
    keys.push_back({static_cast<std::uint32_t>(rows.integer(0)), rows.text(1), rows.text(2)});
  }
  if (rows.failed()) return rows.error(where);
  return keys;
}

Result<void> write_keys(Connection& db, const std::vector<WrappedKey>& keys, Instant now) {
  if (auto gone = db.change(end_keys); !gone) return gone.error();
  for (const auto& key : keys) {
    const auto added =
        db.change(Queries::add_key, std::int64_t{key.id}, key.purpose, Blob{key.wrapped}, now);
    if (!added) return added.error();
  }
  return {};
}

Result<void> note(Connection& db, const SqliteSettings& settings, const Keyring& ring,
                  std::string_view by) {
  AuditChain chain(settings.node, ring.audit_key);
  if (auto loaded = chain.load(db, false); !loaded) return loaded;
  const NewAudit entry{"Site.rekey", std::string(by), "keys", "success"};
  if (auto added = chain.append(db, entry, settings.clock()); !added) return added;
  return chain.write_head(db);
}

Result<std::int64_t> rekey_inside(Connection& db, const SqliteSettings& settings,
                                  const SecretKey& next, std::string_view by) {
  const auto old = read_keys(db);
  if (!old) return old.error();
  const auto keys = rekey_data_keys(settings.site_key, next, *old);
  if (!keys) return keys.error();
  std::int64_t sealed = 0;
  Resealer<Connection, Query, Blob> resealer(db, *keys->ring.envelope);
  for (const auto& place : sqlite_places()) {
    const auto done = resealer.run(place);
    if (!done) return done.error();
    sealed += *done;
  }
  if (auto written = write_keys(db, keys->keys, settings.clock()); !written) {
    return written.error();
  }
  if (auto noted = note(db, settings, keys->ring, by); !noted) return noted.error();
  return sealed;
}

}  // namespace

Result<std::int64_t> rekey_sqlite(const SqliteSettings& settings, const SecretKey& next,
                                  std::string_view by) {
  if (::access(settings.path.c_str(), F_OK) != 0) {
    return Error{ErrorCode::not_found, where, "there is no database here"};
  }
  const auto lock = LockFile::take(settings.path + ".lock");
  if (!lock) return lock.error();
  auto db = Connection::open(settings.path, OpenMode::write, settings.busy_timeout, settings.vfs);
  if (!db) return db.error();
  if (auto set = (*db)->execute(pragmas); !set) return set.error();
  if (auto current = check_current(**db, embedded_migrations()); !current) return current.error();
  if (auto begun = (*db)->execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  auto sealed = rekey_inside(**db, settings, next, by);
  const auto ended = (*db)->execute(sealed ? "COMMIT" : "ROLLBACK");
  if (!sealed) return sealed;
  if (!ended) return ended.error();
  // The old values are in the file until the log is copied over them.
  if (auto copied = (*db)->execute("PRAGMA wal_checkpoint(TRUNCATE)"); !copied) {
    return copied.error();
  }
  return sealed;
}

}  // namespace meridian::store
