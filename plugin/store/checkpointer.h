// SPDX-License-Identifier: Apache-2.0
// Moves the write-ahead log into the database, away from the writer's path.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "store/sqlite.h"

namespace meridian::store {

/// A thread with a connection of its own copies the log's pages once it is longer than a lap. While
/// it copies, the writer goes on; what it has added meanwhile is little, and the writer itself
/// copies that between two groups, so that its next write starts the log from the beginning again,
/// over blocks that the disk already has.
class Checkpointer {
 public:
  /// `lap` is the length of the log in pages that starts a checkpoint. `in_turn`: the writer waits
  /// while its log is copied, so that the calls of one story come in one order.
  Checkpointer(std::unique_ptr<Connection> connection, int lap, bool in_turn);
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  ~Checkpointer();

  /// Makes `writer` count the pages of its log instead of checkpointing by itself.
  void watch(Connection& writer);

  /// Called by the writer's thread between two groups.
  void after_commit(Connection& writer);

  /// Ends the thread. The writer's thread has ended before.
  void stop();

 private:
  enum class Phase { idle, asked, nearly };

  void loop();
  void copy();
  void ask();
  void copy_rest(Connection& writer);

  std::unique_ptr<Connection> connection_;
  const int lap_;
  const bool in_turn_;
  int log_pages_ = 0;  ///< of the writer's thread
  int tried_at_ = 0;   ///< log_pages_ when the last try began
  std::atomic<Phase> phase_{Phase::idle};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meridian::store
