// SPDX-License-Identifier: Apache-2.0
// Group commit: one thread drains the queue of operations into one transaction and one sync.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "store/session.h"

namespace meridian::store {

class Checkpointer;

/// One operation. It may run more than once, when the group around it has to start over.
class Operation {
 public:
  virtual ~Operation() = default;
  /// Reads and writes through the session.
  virtual Result<void> run(Session& session) = 0;
  /// Called once, on the writer's thread, when it is durable or has failed. May destroy itself.
  virtual void done(const Result<void>& outcome) = 0;
};

/// Owns the thread that writes. Operations that wait when it is free again go together: each fails
/// alone, and those that do not are durable by one sync or not at all. After a failed read or write
/// of the file every later operation fails the same way until the database is opened again, because
/// nobody knows what the disk has kept.
class Writer {
 public:
  /// `checkpointer` is told how long the log has become. Both outlive the writer's thread.
  Writer(Session session, Checkpointer& checkpointer);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  /// Queues an operation; `done` follows from the writer's thread, or from here with `stopping`.
  void submit(Operation& operation);

  /// Runs `work` and waits until it is durable. Not from the writer's thread: it would wait for
  /// itself, and gets internal instead.
  Result<void> run(const std::function<Result<void>(Session&)>& work);

  /// Refuses new operations, finishes those that are queued, ends the thread.
  void stop();

 private:
  struct Member {
    Operation* operation;
    std::optional<Error> failure;  ///< its own; the others go on
  };
  using Group = std::vector<Member>;

  void loop();
  bool take(Group& group);
  void commit(Group& group);
  Result<void> try_commit(Group& group, const Bookmark& before);
  bool run_members(Group& group, bool apart);
  bool run_member(Member& member);
  bool run_apart(Member& member);
  Result<void> end_group();
  Result<void> step(const Query& query);
  void roll_back();
  void finish(Group& group, const Result<void>& outcome);

  Session session_;
  Checkpointer& checkpointer_;
  std::optional<Error> broken_;  ///< why nothing can be written any more

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Operation*> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meridian::store
