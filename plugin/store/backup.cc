// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"

#include <array>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

#include "store/lock_file.h"
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.backup";
/// What SQLite and the store keep beside a database.
constexpr std::array companions = {"-wal", "-shm", "-journal", ".lock"};

bool exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

void remove_database(const std::string& path) {
  ::unlink(path.c_str());
  for (const char* end : companions) ::unlink((path + end).c_str());
}

/// A file under a passing name, gone at the end whatever happened.
class Draft {
 public:
  explicit Draft(std::string path) : path_(std::move(path)) { remove_database(path_); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() { remove_database(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// One read transaction over all pages: a runtime goes on writing meanwhile.
Result<void> copy_pages(Connection& from, Connection& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) return sqlite_error(to.last_code(), where);
  const int code = sqlite3_backup_step(backup, -1);
  const int ended = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return sqlite_error(code, where);
  if (ended != SQLITE_OK) return sqlite_error(ended, where);
  // One file without a log beside it.
  return to.execute("PRAGMA journal_mode = DELETE");
}

Result<void> copy_database(const SqliteSettings& settings, const std::string& copy) {
  if (!exists(settings.path)) {
    return Error{ErrorCode::not_found, where, "there is no database here"};
  }
  if (auto made = make_private_file(copy); !made) return made;
  auto from = Connection::open(settings.path, OpenMode::read, settings.busy_timeout, settings.vfs);
  if (!from) return from.error();
  auto to = Connection::open(copy, OpenMode::write, settings.busy_timeout, settings.vfs);
  if (!to) return to.error();
  return copy_pages(**from, **to);
}

/// Opens the copy with the key, so that a backup that nobody could read is none.
Result<void> describe(const SqliteSettings& settings, const std::string& copy, BackupHead& head) {
  auto of_copy = settings;
  of_copy.path = copy;
  auto store = open_sqlite_to_read(of_copy);
  if (!store) return store.error();
  const auto counts = (*store)->counts();
  if (!counts) return counts.error();
  head.counts = *counts;
  if (auto end = (*store)->audit_head()) head.audit = std::move(*end);
  (*store)->close();
  return {};
}

/// Brings the schema up to date, checks pages, key and audit, and marks what is uncertain.
Result<Restored> check_and_mark(const SqliteSettings& settings, const std::string& copy,
                                BackupHead head, std::string_view by) {
  auto of_copy = settings;
  of_copy.path = copy;
  of_copy.create = false;
  of_copy.quick_check = true;
  auto store = open_sqlite(of_copy);
  if (!store) return store.error();
  if (const auto sound = (*store)->verify_audit(); !sound) return sound.error();
  Restored restored;
  const auto marked = (*store)->mark_restored(head.taken_at, by);
  if (!marked) return marked.error();
  const auto restores = (*store)->restores();
  if (!restores) return restores.error();
  restored.head = std::move(head);
  restored.uncertain = *marked;
  restored.restored_at = restores->front().restored_at;
  restored.cut = restores->front().cut;
  (*store)->close();
  return restored;
}

/// Closing copied the log into the database; one with pages in it would be lost at the rename.
Result<void> check_has_no_log(const std::string& path) {
  struct stat facts {};
  if (::stat((path + "-wal").c_str(), &facts) != 0 || facts.st_size == 0) return {};
  return Error{ErrorCode::store_failed, where, "the restored database could not be closed"};
}

/// "FILE.before-restore", or with a number when that is there.
std::string aside_of(const std::string& path) {
  std::string aside = path + ".before-restore";
  for (int i = 2; exists(aside); ++i) aside = path + ".before-restore-" + std::to_string(i);
  return aside;
}

/// The old database goes with its log, which may hold its newest commits.
Result<std::string> put_aside(const std::string& path) {
  if (!exists(path)) return std::string();
  const auto aside = aside_of(path);
  ::unlink((path + "-shm").c_str());
  for (const char* end : {"-wal", ""}) {
    if (!exists(path + end)) continue;
    if (::rename((path + end).c_str(), (aside + end).c_str()) == 0) continue;
    return Error{ErrorCode::store_failed, where, "the database cannot be put aside", errno};
  }
  return aside;
}

}  // namespace

Result<BackupHead> back_up_sqlite(const SqliteSettings& settings, const std::string& file,
                                  std::string_view build) {
  if (exists(file)) {
    return Error{ErrorCode::conflict, where, "the file is there already: name another one"};
  }
  BackupHead head;
  head.taken_at = settings.clock();
  head.build = build;
  head.node = settings.node;
  const Draft copy(file + ".copy");
  if (auto copied = copy_database(settings, copy.path()); !copied) return copied.error();
  if (auto opened = describe(settings, copy.path(), head); !opened) return opened.error();
  if (auto written = write_backup_file(copy.path(), file, head); !written) return written.error();
  return head;
}

Result<Restored> restore_sqlite(const std::string& file, const SqliteSettings& settings,
                                std::string_view by, bool force) {
  const auto lock = LockFile::take(settings.path + ".lock");
  if (!lock) return lock.error();
  if (exists(settings.path) && !force) {
    return Error{ErrorCode::conflict, where,
                 "there is a database already; --force puts it aside and keeps it"};
  }
  const Draft draft(settings.path + ".restoring");
  auto head = read_backup_file(file, draft.path());
  if (!head) return head.error();
  auto restored = check_and_mark(settings, draft.path(), std::move(*head), by);
  if (!restored) return restored;
  if (auto closed = check_has_no_log(draft.path()); !closed) return closed.error();
  auto aside = put_aside(settings.path);
  if (!aside) return aside.error();
  restored->put_aside = std::move(*aside);
  const bool renamed = ::rename(draft.path().c_str(), settings.path.c_str()) == 0;
  if (!renamed || !sync_folder(settings.path)) {
    return Error{ErrorCode::store_failed, where, "the restored database cannot get its name",
                 errno};
  }
  return restored;
}

}  // namespace meridian::store
