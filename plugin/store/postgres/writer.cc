// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/writer.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/hash.h"
#include "base/log.h"
#include "store/postgres/audit.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.writer";
constexpr std::size_t largest_group = 256;
constexpr int most_tries = 6;
constexpr std::chrono::milliseconds pause{100};

/// An operation whose caller waits for it.
class Waiting : public Operation {
 public:
  explicit Waiting(const std::function<Result<void>(Session&)>& work) : work_(work) {}

  Result<void> run(Session& session) override { return work_(session); }

  void done(const Result<void>& outcome) override {
    // Under the lock to the end: once it is free the caller destroys this.
    const std::lock_guard lock(mutex_);
    outcome_ = outcome;
    finished_ = true;
    wake_.notify_one();
  }

  Result<void> wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return finished_; });
    return outcome_;
  }

 private:
  const std::function<Result<void>(Session&)>& work_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Result<void> outcome_;
  bool finished_ = false;
};

/// Two that crossed must not go again in step.
void wait_unevenly(int tries) {
  std::array<std::uint8_t, 1> chance{};
  random_bytes(chance);
  std::this_thread::sleep_for(std::chrono::milliseconds((1 + tries) * (chance[0] % 32)));
}

}  // namespace

Writer::Writer(std::unique_ptr<Link> link, Tools tools) : link_(std::move(link)), tools_(tools) {
  thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
  stop();
}

void Writer::submit(Operation& operation) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      queue_.push_back(&operation);
      if (queue_.size() == 1) wake_.notify_one();
      return;
    }
  }
  operation.done(Error{ErrorCode::stopping, where, "the store is closed"});
}

Result<void> Writer::run(const std::function<Result<void>(Session&)>& work) {
  if (std::this_thread::get_id() == thread_.get_id()) {
    return Error{ErrorCode::internal, where, "a callback of the store waits for the store"};
  }
  Waiting operation(work);
  submit(operation);
  return operation.wait();
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  link_->drop();
}

void Writer::loop() {
  Group group;
  while (take(group)) commit(group);
}

bool Writer::take(Group& group) {
  group.clear();
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  const auto count = std::min(queue_.size(), largest_group);
  for (std::size_t i = 0; i < count; ++i) group.push_back({queue_[i], std::nullopt});
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
  return count > 0;
}

/// A savepoint costs two questions to the server, so a group first goes without. Only when a member
/// fails after it has written something does the group start over, with one for each. Members that
/// cross with another node go on one by one, so that none waits for the locks of the others.
void Writer::commit(Group& group) {
  bool apart = false;
  for (int tries = 0; tries < most_tries; ++tries) {
    switch (try_commit(group, apart)) {
      case Try::committed:
        return finish(group, {});
      case Try::failed:
        return finish(group, error_);
      case Try::apart:
        apart = true;
        break;
      case Try::crossed:
        if (group.size() > 1) return commit_each(group);
        wait_unevenly(tries);
        break;
      case Try::lost:
        link_->drop();
        break;
    }
  }
  finish(group, error_);
}

void Writer::commit_each(Group& group) {
  for (auto& member : group) {
    Group alone{{member.operation, member.failure}};
    commit(alone);
  }
}

Writer::Try Writer::try_commit(Group& group, bool apart) {
  const auto db = link_->get();
  if (!db) {
    error_ = db.error();
    return Try::failed;
  }
  const auto now = begin(**db);
  if (!now) return trouble(**db, now.error());
  Session session{**db, tools_.envelope, tools_.node, tools_.audit_key, numbers_, *now};
  const auto changes = (*db)->total_changes();
  auto filled = fill(group, session, apart);
  std::int64_t transaction = 0;
  if (filled == Try::committed && (*db)->total_changes() != changes) {
    filled = complete(session, transaction);
  }
  if (filled == Try::committed) return end(**db, transaction);
  if ((*db)->in_transaction() && (*db)->script("ROLLBACK").failed()) {
    link_->drop();
  }
  return filled;
}

/// Begins a transaction; the value is the database's time.
Result<Instant> Writer::begin(Connection& db) {
  auto rows = db.script("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT now_ms()");
  if (!rows.next()) return rows.error(where);
  const Instant now{std::chrono::milliseconds{std::atoll(rows.text(0).c_str())}};  // in text form
  tools_.clock.hear(now);
  return now;
}

/// What to do after an error that is not a member's own.
Writer::Try Writer::trouble(const Connection& db, const Error& error) {
  error_ = error;
  if (!db.alive()) return Try::lost;
  return db.last().crossed() ? Try::crossed : Try::failed;
}

/// Runs the members; `committed` stands for: may be committed.
Writer::Try Writer::fill(Group& group, Session& session, bool apart) {
  for (auto& member : group) {
    if (member.failure) continue;
    const auto ran = apart ? run_apart(member, session) : run_member(member, session);
    if (ran != Try::committed) return ran;
  }
  return Try::committed;
}

Writer::Try Writer::run_member(Member& member, Session& session) {
  auto& db = session.db;
  const Memory before = session.memory;
  const auto changes = db.total_changes();
  const auto ran = member.operation->run(session);
  if (ran) return Try::committed;
  if (!db.alive() || db.last().crossed()) return trouble(db, ran.error());
  member.failure = ran.error();
  session.memory = before;
  const bool clean = db.last().ok() && db.total_changes() == changes;
  return clean ? Try::committed : Try::apart;
}

Writer::Try Writer::run_apart(Member& member, Session& session) {
  auto& db = session.db;
  if (const auto set = db.script("SAVEPOINT member"); set.failed()) {
    return trouble(db, set.error(where));
  }
  auto ran = run_member(member, session);
  if (ran != Try::committed && ran != Try::apart) return ran;
  const auto ended =
      db.script(ran == Try::apart ? "ROLLBACK TO member; RELEASE member" : "RELEASE member");
  if (ended.failed()) return trouble(db, ended.error(where));
  return Try::committed;
}

/// Writes what goes with every change, and asks for the transaction's number, so that a commit
/// whose answer is lost can be looked up.
Writer::Try Writer::complete(Session& session, std::int64_t& transaction) {
  auto& db = session.db;
  const auto& memory = session.memory;
  if (auto written = write_audit_head(session); !written) return trouble(db, written.error());
  const bool added = memory.messages + memory.referrals + memory.deliveries > 0;
  auto rows = added ? db.select(Queries::end_transaction, tools_.node, memory.messages,
                                memory.referrals, memory.deliveries)
                    : db.select(Queries::transaction_id);
  if (!rows.next()) return trouble(db, rows.error(where));
  transaction = rows.integer(0);
  return Try::committed;
}

/// Commits; `db` is gone afterwards when the connection broke. `transaction` 0: nothing was
/// changed.
Writer::Try Writer::end(Connection& db, std::int64_t transaction) {
  const auto done = db.script("COMMIT");
  if (!done.failed()) return Try::committed;
  if (!done.outcome().connection_lost() || transaction == 0) {
    return trouble(db, done.error(where));
  }
  return find_out(transaction);
}

/// The connection broke while we waited for the answer to a commit.
Writer::Try Writer::find_out(std::int64_t transaction) {
  const auto ends = std::chrono::steady_clock::now() + tools_.patience;
  error_ = Outcome::lost().error(where);
  link_->drop();
  log(LogLevel::warning, "store looks what became of a commit");
  do {
    if (const auto db = link_->get()) {  // it ends the session that had the transaction
      auto rows = (*db)->select(Queries::transaction_state, transaction);
      if (rows.next()) {
        if (rows.view(0) == "committed") return Try::committed;
        if (rows.view(0) == "aborted") return Try::lost;
      }
    }
    std::this_thread::sleep_for(pause);
  } while (std::chrono::steady_clock::now() < ends);
  error_ = {ErrorCode::interrupted, where,
            "the database went away during a commit: whether it was kept is not known"};
  return Try::failed;
}

void Writer::finish(Group& group, const Result<void>& outcome) {
  for (auto& member : group) {
    member.operation->done(outcome && member.failure ? Result<void>(*member.failure) : outcome);
  }
}

}  // namespace meridian::store::postgres
