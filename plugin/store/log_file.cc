// SPDX-License-Identifier: Apache-2.0
#include "store/log_file.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>

#include <sqlite3.h>

namespace meridian::store {
namespace {

/// SQLite's layer for Unix takes the size of a write modulo 128 KiB (seekAndWriteFd in os_unix.c).
constexpr std::size_t room = 0x1ffff;

/// A log in front of the one of the layer below, in one allocation of SQLite's.
struct LogFile {
  sqlite3_file ours;
  sqlite3_file* below;
  char* waiting;  ///< `room` bytes
  std::size_t size;
  sqlite3_int64 begin;  ///< where the first of them belongs
  bool left_to_system;  ///< see leave_log_to_system
};

LogFile& log_of(sqlite3_file* file) {
  return *reinterpret_cast<LogFile*>(file);
}

/// A failure is that of the call that needed the bytes to be there, in a commit its sync.
int write_waiting(LogFile& log) {
  if (log.size == 0) return SQLITE_OK;
  const auto size = static_cast<int>(log.size);
  log.size = 0;
  return log.below->pMethods->xWrite(log.below, log.waiting, size, log.begin);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  auto& log = log_of(file);
  const auto size = static_cast<std::size_t>(count);
  const bool follows = at == log.begin + static_cast<sqlite3_int64>(log.size);
  if (log.size > 0 && (!follows || log.size + size > room)) {
    if (const int code = write_waiting(log); code != SQLITE_OK) return code;
  }
  if (size > room) return log.below->pMethods->xWrite(log.below, bytes, count, at);
  if (log.size == 0) log.begin = at;
  std::memcpy(log.waiting + log.size, bytes, size);
  log.size += size;
  return SQLITE_OK;
}

/// Writes what waits, then does the same call on the layer below.
template <auto Method, typename... Args>
int then(sqlite3_file* file, Args... args) {
  auto& log = log_of(file);
  if (const int code = write_waiting(log); code != SQLITE_OK) return code;
  return (log.below->pMethods->*Method)(log.below, args...);
}

int sync(sqlite3_file* file, int flags) {
  auto& log = log_of(file);
  const bool head = log.size > 0 && log.begin == 0;
  if (log.left_to_system && !head) return write_waiting(log);
  return then<&sqlite3_io_methods::xSync, int>(file, flags);
}

int close(sqlite3_file* file) {
  auto& log = log_of(file);
  const int written = write_waiting(log);
  delete[] log.waiting;
  const int closed = log.below->pMethods->xClose(log.below);
  return written != SQLITE_OK ? written : closed;
}

/// The methods of version 1: SQLite asks no log for shared memory or a mapping.
constexpr sqlite3_io_methods methods = {
    1,
    close,
    then<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    write,
    then<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    sync,
    then<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    then<&sqlite3_io_methods::xLock, int>,
    then<&sqlite3_io_methods::xUnlock, int>,
    then<&sqlite3_io_methods::xCheckReservedLock, int*>,
    then<&sqlite3_io_methods::xFileControl, int, void*>,
    [](sqlite3_file* file) {
      auto* below = log_of(file).below;
      return below->pMethods->xSectorSize(below);
    },
    [](sqlite3_file* file) {
      auto* below = log_of(file).below;
      return below->pMethods->xDeviceCharacteristics(below);
    },
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

/// The layer over one other, with its name.
struct Layer {
  std::string name;
  sqlite3_vfs vfs;
};

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
  auto* base = static_cast<sqlite3_vfs*>(vfs->pAppData);
  if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, path, file, flags, out);
  auto* const log = reinterpret_cast<LogFile*>(file);
  log->ours.pMethods = nullptr;
  log->below = reinterpret_cast<sqlite3_file*>(log + 1);
  log->below->pMethods = nullptr;
  log->size = 0;
  log->begin = 0;
  log->left_to_system = false;
  log->waiting = new (std::nothrow) char[room];
  if (log->waiting == nullptr) return SQLITE_NOMEM;
  const int code = base->xOpen(base, path, log->below, flags, out);
  if (log->below->pMethods != nullptr) {
    log->ours.pMethods = &methods;
  } else {
    delete[] log->waiting;
  }
  return code;
}

}  // namespace

void leave_log_to_system(sqlite3* db, bool off) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  if (file != nullptr && file->pMethods == &methods) log_of(file).left_to_system = off;
}

std::string with_gathered_log(const std::string& base) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Layer>> layers;
  const std::lock_guard lock(mutex);
  auto* const below = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
  if (below == nullptr) return base;
  auto& layer = layers[below->zName];
  if (!layer) {
    layer =
        std::make_unique<Layer>(Layer{std::string(below->zName) + " with gathered log", *below});
    auto& vfs = layer->vfs;
    vfs.zName = layer->name.c_str();
    vfs.pNext = nullptr;
    vfs.pAppData = below;
    vfs.szOsFile = static_cast<int>(sizeof(LogFile)) + below->szOsFile;
    vfs.xOpen = open;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) {
      layer.reset();
      return base;
    }
  }
  return layer->name;
}

}  // namespace meridian::store
