// SPDX-License-Identifier: Apache-2.0
// A file layer for SQLite that counts, and fails where a test wants it to.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

namespace meridian::store {

/// Wraps SQLite's default file layer under the name `name`. One per process; a test calls reset()
/// first. Settings may be changed while a database is open.
class FaultVfs {
 public:
  static constexpr const char* name = "meridian-faults";

  /// Registered on first use.
  static FaultVfs& get();

  /// No faults, counters at zero.
  void reset();

  // Faults
  std::atomic<std::int64_t> room{-1};        ///< bytes files may still grow; -1 without end
  std::atomic<std::int64_t> fail_write{-1};  ///< the n-th write from now on fails; -1 none
  std::atomic<std::int64_t> fail_sync{-1};   ///< the n-th sync from now on fails; -1 none
  /// Called before each sync, on the syncing thread.
  void before_sync(std::function<void()> call);

  // Counters
  std::atomic<std::int64_t> writes{0};
  std::atomic<std::int64_t> syncs{0};

  // For the file methods
  bool take_room(std::int64_t bytes);
  bool write_fails();
  bool sync_fails();

 private:
  FaultVfs();

  std::mutex mutex_;
  std::function<void()> before_sync_;
};

}  // namespace meridian::store
