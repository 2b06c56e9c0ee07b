// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

#include "store/abandoned.h"
#include "store/audit_walk.h"
#include "store/log_file.h"
#include "store/migrations.h"
#include "store/queries.h"
#include "store/sqlite_store.h"
#include "store/sqlite_store_parts.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.open";
constexpr int reader_count = 4;

/// WAL with FULL syncs the log at each commit. The log keeps its length while the database is open:
/// overwriting blocks that are there costs half of appending. The cache is small on purpose: where
/// an index was split, SQLite's commit looks through all of it (it renumbers pages by way of number
/// 262145 and then drops what is behind the end of the file), and a miss is a copy out of the
/// system's own cache.
constexpr char writer_pragmas[] =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST;"
    "PRAGMA foreign_keys = OFF; PRAGMA journal_size_limit = -1";
constexpr char checkpointer_pragmas[] =
    "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -200";
constexpr char reader_pragmas[] = "PRAGMA query_only = ON; PRAGMA cache_size = -8000";

/// Saves a global lock per allocation; refused, harmlessly, when SQLite is in use already.
void do_without_memory_statistics() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

Error no_database() {
  return {ErrorCode::not_found, where, "there is no database here"};
}

/// Makes the file before SQLite does, so that nobody else may read it. The log and the shared
/// memory beside it get the same mode from SQLite.
Result<void> prepare_file(const SqliteSettings& settings) {
  if (::access(settings.path.c_str(), F_OK) == 0) return {};
  if (!settings.create) return no_database();
  const int made =
      ::open(settings.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made < 0) {
    const auto code = errno == ENOSPC ? ErrorCode::store_full : ErrorCode::store_failed;
    return Error{code, where, "the database file cannot be made", errno};
  }
  ::close(made);
  return {};
}

Result<std::unique_ptr<Connection>> connect(const SqliteSettings& settings, OpenMode mode,
                                            const char* pragmas) {
  const auto vfs = mode == OpenMode::read ? settings.vfs : with_gathered_log(settings.vfs);
  auto connection = Connection::open(settings.path, mode, settings.busy_timeout, vfs);
  if (!connection) return connection;
  if (auto set = (*connection)->execute(pragmas); !set) return set.error();
  return connection;
}

Result<void> look_for_damage(Connection& db) {
  auto rows = db.select(Queries::quick_check);
  if (!rows.next()) return rows.error(where);
  if (rows.view(0) != "ok") {
    return Error{ErrorCode::store_damaged, where, "the database is damaged: restore a backup"};
  }
  return {};
}

/// Keys, and with them the end of the audit chain, of a database whose schema is current.
Result<Keyring> load_keys(Connection& db, const SqliteSettings& settings, bool fresh) {
  if (fresh) {
    if (auto made = create_data_keys(db, settings.site_key, settings.clock()); !made) {
      return made.error();
    }
  }
  return load_data_keys(db, settings.site_key);
}

/// A database that has chains of other nodes may begin one for this node; one that has entries but
/// no head at all was tampered with.
Result<bool> may_begin_chain(Connection& db, bool fresh) {
  if (fresh) return true;
  auto rows = db.select(Queries::audit_heads);
  const bool some = rows.next();
  if (rows.failed()) return rows.error(where);
  return some;
}

Result<AuditChain> load_chain(Connection& db, const SqliteSettings& settings, const Keyring& keys,
                              bool fresh) {
  AuditChain chain(settings.node, keys.audit_key);
  const auto may_begin = may_begin_chain(db, fresh);
  if (!may_begin) return may_begin.error();
  if (auto loaded = chain.load(db, *may_begin); !loaded) return loaded.error();
  chain.committed();
  return chain;
}

struct Contents {
  Keyring keys;
  AuditChain audit;
  RowNumbers numbers;
};

Result<Contents> load_contents(Connection& db, const SqliteSettings& settings, bool fresh) {
  auto keys = load_keys(db, settings, fresh);
  if (!keys) return keys.error();
  auto chain = load_chain(db, settings, *keys, fresh);
  if (!chain) return chain.error();
  const auto numbers = load_row_numbers(db);
  if (!numbers) return numbers.error();
  return Contents{std::move(*keys), std::move(*chain), *numbers};
}

/// The database has no keys yet: it is new, or a start of it was cut off before they were made.
Result<bool> has_no_keys(Connection& db) {
  auto rows = db.select(Queries::list_keys);
  const bool some = rows.next();
  if (rows.failed()) return rows.error(where);
  return !some;
}

Result<Contents> prepare_contents(Connection& db, const SqliteSettings& settings) {
  const auto migrated = migrate(db, embedded_migrations(), settings.clock());
  if (!migrated) return migrated.error();
  const auto fresh = has_no_keys(db);
  if (!fresh) return fresh.error();
  if (auto begun = db.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  auto contents = load_contents(db, settings, *fresh);
  if (contents) {
    if (auto freed = free_abandoned(db, settings.clock()); !freed) contents = freed.error();
  }
  const auto ended = db.execute(contents ? "COMMIT" : "ROLLBACK");
  if (contents && !ended) return ended.error();
  return contents;
}

Result<std::vector<std::unique_ptr<Connection>>> open_readers(const SqliteSettings& settings) {
  std::vector<std::unique_ptr<Connection>> readers;
  for (int i = 0; i < reader_count; ++i) {
    auto reader = connect(settings, OpenMode::read, reader_pragmas);
    if (!reader) return reader.error();
    readers.push_back(std::move(*reader));
  }
  return readers;
}

Result<std::size_t> count_applied_at(const SqliteSettings& settings) {
  if (::access(settings.path.c_str(), F_OK) != 0) return no_database();
  auto db = connect(settings, OpenMode::read, reader_pragmas);
  if (!db) return db.error();
  return count_applied(**db, embedded_migrations());
}

}  // namespace

Result<std::vector<PlannedMigration>> plan_sqlite_migrations(const SqliteSettings& settings) {
  auto applied = count_applied_at(settings);
  if (!applied && applied.error().code == ErrorCode::not_found) applied = 0;
  if (!applied) return applied.error();
  return plan_of(embedded_migrations(), *applied);
}

Result<std::unique_ptr<Store>> open_sqlite(const SqliteSettings& settings) {
  do_without_memory_statistics();
  auto lock = LockFile::take(settings.path + ".lock");
  if (!lock) return lock.error();
  if (auto prepared = prepare_file(settings); !prepared) return prepared.error();
  auto writer = connect(settings, OpenMode::write, writer_pragmas);
  if (!writer) return writer.error();
  if (settings.quick_check) {
    if (auto sound = look_for_damage(**writer); !sound) return sound.error();
  }
  auto contents = prepare_contents(**writer, settings);
  if (!contents) return contents.error();
  auto checkpointer = connect(settings, OpenMode::write, checkpointer_pragmas);
  if (!checkpointer) return checkpointer.error();
  auto readers = open_readers(settings);
  if (!readers) return readers.error();
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(SqliteParts{
      std::move(*lock), settings.clock, settings.node, std::move(contents->keys),
      std::move(contents->audit), contents->numbers, std::move(*writer), std::move(*checkpointer),
      std::move(*readers), settings.log_pages, settings.copy_in_turn}));
}

Result<std::unique_ptr<Store>> open_sqlite_to_read(const SqliteSettings& settings) {
  do_without_memory_statistics();
  if (::access(settings.path.c_str(), F_OK) != 0) return no_database();
  auto readers = open_readers(settings);
  if (!readers) return readers.error();
  auto& db = *readers->front();
  if (settings.quick_check) {
    if (auto sound = look_for_damage(db); !sound) return sound.error();
  }
  if (auto current = check_current(db, embedded_migrations()); !current) return current.error();
  const auto fresh = has_no_keys(db);
  if (!fresh) return fresh.error();
  if (*fresh) return no_database();  // its first start is under way, or was cut off
  auto keys = load_data_keys(db, settings.site_key);
  if (!keys) return keys.error();
  AuditChain chain(settings.node, keys->audit_key);
  return std::unique_ptr<Store>(
      std::make_unique<SqliteStore>(SqliteParts{.clock = settings.clock,
                                                .node = settings.node,
                                                .keys = std::move(*keys),
                                                .audit = std::move(chain),
                                                .readers = std::move(*readers)}));
}

Result<std::int64_t> walk_audit(const SqliteSettings& settings, const SeeEntry& see) {
  if (::access(settings.path.c_str(), F_OK) != 0) return no_database();
  auto db = connect(settings, OpenMode::read, reader_pragmas);
  if (!db) return db.error();
  if (auto current = check_current(**db, embedded_migrations()); !current) return current.error();
  const auto keys = load_data_keys(**db, settings.site_key);
  if (!keys) return keys.error();
  return verify_audit(**db, keys->audit_key, see);
}

}  // namespace meridian::store
