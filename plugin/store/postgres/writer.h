// SPDX-License-Identifier: Apache-2.0
// Group commit: one thread drains the queue of operations into one transaction and one sync of the
// server.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "store/postgres/link.h"
#include "store/postgres/session.h"
#include "store/server_clock.h"

namespace meridian::store::postgres {

/// One operation. It may run more than once, when the group around it has to start over.
class Operation {
 public:
  virtual ~Operation() = default;
  /// Reads and writes through the session.
  virtual Result<void> run(Session& session) = 0;
  /// Called once, on the writer's thread, when it is durable or has failed. May destroy itself.
  virtual void done(const Result<void>& outcome) = 0;
};

/// What a writer needs besides its session. Borrowed.
struct Tools {
  const Envelope& envelope;
  const std::string& node;
  const Hmac& audit_key;
  std::chrono::milliseconds patience;  ///< to find out what became of a commit
  ServerClock& clock;                  ///< is told the server's time
};

/// Owns the thread that writes. Operations that wait when it is free again go together: each fails
/// alone, and those that do not are durable together or not at all. When the connection breaks
/// before the commit, the group runs again on a new one. When it breaks during the commit, the
/// server is asked what became of the transaction; only when it cannot be asked is the answer
/// `interrupted`.
class Writer {
 public:
  Writer(std::unique_ptr<Link> link, Tools tools);
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

  /// How a try to commit a group ended.
  enum class Try {
    committed,
    failed,   ///< with error_: nothing was kept
    apart,    ///< a member failed after it had written: again, with a savepoint for each
    crossed,  ///< another node was in the way: again
    lost,     ///< the connection broke, and nothing was kept: again
  };

  void loop();
  bool take(Group& group);
  void commit(Group& group);
  void commit_each(Group& group);
  Try try_commit(Group& group, bool apart);
  Try fill(Group& group, Session& session, bool apart);
  Try complete(Session& session, std::int64_t& transaction);
  Try end(Connection& db, std::int64_t transaction);
  Try run_member(Member& member, Session& session);
  Try run_apart(Member& member, Session& session);
  Try trouble(const Connection& db, const Error& error);
  Try find_out(std::int64_t transaction);
  Result<Instant> begin(Connection& db);
  void finish(Group& group, const Result<void>& outcome);

  std::unique_ptr<Link> link_;
  Tools tools_;
  NumberStock numbers_;
  Error error_{ErrorCode::internal, "store.writer", "the group did not run"};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Operation*> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meridian::store::postgres
