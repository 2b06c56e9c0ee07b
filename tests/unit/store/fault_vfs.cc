// SPDX-License-Identifier: Apache-2.0
#include "unit/store/fault_vfs.h"

#include <cstdlib>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace meridian::store {
namespace {

/// Our file in front of the real one, in one allocation of SQLite's.
struct File {
  sqlite3_file base;
  sqlite3_file* real;
};

sqlite3_vfs* real_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->real;
}

/// Passes a call on to the same method of the real file.
template <auto Method, typename... Args>
auto pass(sqlite3_file* file, Args... args) {
  auto* inner = real(file);
  return (inner->pMethods->*Method)(inner, args...);
}

int close_file(sqlite3_file* file) {
  return pass<&sqlite3_io_methods::xClose>(file);
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  auto& faults = FaultVfs::get();
  if (faults.write_fails()) return SQLITE_IOERR_WRITE;
  sqlite3_int64 length = 0;
  pass<&sqlite3_io_methods::xFileSize>(file, &length);
  if (offset + size > length && !faults.take_room(offset + size - length)) return SQLITE_FULL;
  return pass<&sqlite3_io_methods::xWrite>(file, data, size, offset);
}

int sync_file(sqlite3_file* file, int flags) {
  if (FaultVfs::get().sync_fails()) return SQLITE_IOERR_FSYNC;
  return pass<&sqlite3_io_methods::xSync>(file, flags);
}

const sqlite3_io_methods methods = {
    3,
    close_file,
    [](sqlite3_file* f, void* d, int n, sqlite3_int64 o) {
      return pass<&sqlite3_io_methods::xRead>(f, d, n, o);
    },
    write_file,
    [](sqlite3_file* f, sqlite3_int64 n) { return pass<&sqlite3_io_methods::xTruncate>(f, n); },
    sync_file,
    [](sqlite3_file* f, sqlite3_int64* n) { return pass<&sqlite3_io_methods::xFileSize>(f, n); },
    [](sqlite3_file* f, int l) { return pass<&sqlite3_io_methods::xLock>(f, l); },
    [](sqlite3_file* f, int l) { return pass<&sqlite3_io_methods::xUnlock>(f, l); },
    [](sqlite3_file* f, int* r) { return pass<&sqlite3_io_methods::xCheckReservedLock>(f, r); },
    [](sqlite3_file* f, int o, void* a) {
      return pass<&sqlite3_io_methods::xFileControl>(f, o, a);
    },
    [](sqlite3_file* f) { return pass<&sqlite3_io_methods::xSectorSize>(f); },
    [](sqlite3_file* f) { return pass<&sqlite3_io_methods::xDeviceCharacteristics>(f); },
    [](sqlite3_file* f, int p, int s, int e, void volatile** m) {
      return pass<&sqlite3_io_methods::xShmMap>(f, p, s, e, m);
    },
    [](sqlite3_file* f, int o, int n, int l) {
      return pass<&sqlite3_io_methods::xShmLock>(f, o, n, l);
    },
    [](sqlite3_file* f) { pass<&sqlite3_io_methods::xShmBarrier>(f); },
    [](sqlite3_file* f, int d) { return pass<&sqlite3_io_methods::xShmUnmap>(f, d); },
    [](sqlite3_file* f, sqlite3_int64 o, int n, void** p) {
      return pass<&sqlite3_io_methods::xFetch>(f, o, n, p);
    },
    [](sqlite3_file* f, sqlite3_int64 o, void* p) {
      return pass<&sqlite3_io_methods::xUnfetch>(f, o, p);
    },
};

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out) {
  auto* ours = new (file) File{};
  ours->real = reinterpret_cast<sqlite3_file*>(ours + 1);
  ours->real->pMethods = nullptr;
  const int code = real_vfs()->xOpen(real_vfs(), path, ours->real, flags, out);
  ours->base.pMethods = ours->real->pMethods != nullptr ? &methods : nullptr;
  return code;
}

/// Counts down to one; true for the call that gets there.
bool reached(std::atomic<std::int64_t>& left) {
  if (left < 0) return false;
  return left.fetch_sub(1) == 1;
}

}  // namespace

FaultVfs& FaultVfs::get() {
  static FaultVfs vfs;
  return vfs;
}

FaultVfs::FaultVfs() {
  static sqlite3_vfs vfs = *real_vfs();
  vfs.zName = name;
  vfs.pNext = nullptr;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs()->szOsFile;
  vfs.xOpen = open_file;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) std::abort();
}

void FaultVfs::reset() {
  room = -1;
  fail_write = -1;
  fail_sync = -1;
  writes = 0;
  syncs = 0;
  before_sync(nullptr);
}

void FaultVfs::before_sync(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  before_sync_ = std::move(call);
}

bool FaultVfs::take_room(std::int64_t bytes) {
  if (room < 0) return true;
  if (room < bytes) return false;
  room -= bytes;
  return true;
}

bool FaultVfs::write_fails() {
  ++writes;
  return reached(fail_write);
}

bool FaultVfs::sync_fails() {
  ++syncs;
  const bool fails = reached(fail_sync);
  std::function<void()> call;
  {
    const std::lock_guard lock(mutex_);
    call = before_sync_;
  }
  if (call) call();
  return fails;
}

}  // namespace meridian::store
