// SPDX-License-Identifier: Apache-2.0
// Group commit: what waits while a sync is under way goes together into the next transaction.
#pragma once

#include <atomic>
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
  /// Called once, on the thread that wrote it, when it is durable or has failed. May destroy
  /// itself.
  virtual void done(const Result<void>& outcome) = 0;
  /// False when a power cut may take it back, alone or with what came after it.
  virtual bool must_last() const { return true; }
};

/// One thread at a time writes: the caller itself when nobody else does, since two changes of
/// threads take a tenth of a commit, else a thread of the writer's. Operations that wait by then go
/// together: each fails alone, and those that do not are durable by one sync or not at all. After a
/// failed read or write of the file every later operation fails the same way until the database is
/// opened again, because nobody knows what the disk has kept.
class Writer {
 public:
  /// `checkpointer` is told how long the log has become, and outlives the writer.
  Writer(Session session, Checkpointer& checkpointer);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  /// Queues an operation; `done` follows from the writer's thread, or from here with `stopping`.
  void submit(Operation& operation);

  /// Runs `work` and returns when it is durable. Not from a callback or another `work`: it would
  /// wait for itself, and gets internal instead.
  Result<void> run(const std::function<Result<void>(Session&)>& work);

  /// As `run`, for what nobody outside is told of and nothing is done on: a claim that is made
  /// again, facts for a decision that is not made yet. It returns when it is committed; it is
  /// durable when the next operation is.
  Result<void> run_ahead(const std::function<Result<void>(Session&)>& work);

  /// Refuses new operations, finishes those that are queued, ends the thread.
  void stop();

 private:
  struct Member {
    Operation* operation;
    std::optional<Error> failure;  ///< its own; the others go on
  };
  using Group = std::vector<Member>;

  Result<void> run(const std::function<Result<void>(Session&)>& work, bool must_last);
  void loop();
  bool begin_alone();
  bool take(Group& group);
  void write(Group& group);
  void end();
  void commit(Group& group);
  Result<void> try_commit(Group& group, const Bookmark& before);
  bool run_members(Group& group, bool apart);
  bool run_member(Member& member);
  bool run_apart(Member& member);
  Result<void> end_group(const Group& group);
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
  bool busy_ = false;  ///< somebody writes
  std::atomic<std::thread::id> writing_;
  std::thread thread_;
};

}  // namespace meridian::store
