// SPDX-License-Identifier: Apache-2.0
#include "store/writer.h"

#include <algorithm>

#include "store/checkpointer.h"
#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.writer";
constexpr std::size_t largest_group = 256;

/// After these of BEGIN or COMMIT the file's content is unknown or wrong; see Writer.
bool breaks(const Error& error) {
  return error.code == ErrorCode::store_failed || error.code == ErrorCode::store_damaged;
}

/// The same for statements, by SQLite's code: a value that does not open is not a broken file.
bool is_fatal(int code) {
  const int primary = code & 0xff;
  return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

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

}  // namespace

Writer::Writer(Session session, Checkpointer& checkpointer)
    : session_(std::move(session)), checkpointer_(checkpointer) {
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
}

void Writer::loop() {
  Group group;
  while (take(group)) {
    commit(group);
    checkpointer_.after_commit(session_.db);
  }
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

void Writer::commit(Group& group) {
  if (broken_) return finish(group, *broken_);
  const auto before = session_.audit.end();
  const auto outcome = try_commit(group);
  if (!outcome) {
    session_.audit.go_back(before);
    roll_back();
    if (breaks(outcome.error())) broken_ = outcome.error();
  }
  finish(group, outcome);
}

/// Runs the group until a transaction with all that can succeed has been committed. SQLite may roll
/// everything back because of one member; then the others go again without it.
Result<void> Writer::try_commit(Group& group) {
  const auto before = session_.audit.end();
  for (;;) {
    if (auto begun = session_.db.change(queries::begin); !begun) return begun.error();
    if (run_members(group)) return end_group();
    if (broken_) return *broken_;
    session_.audit.go_back(before);
    roll_back();
  }
}

/// False when the transaction is lost; failures of single members stay with them.
bool Writer::run_members(Group& group) {
  const bool alone = group.size() == 1;
  for (auto& member : group) {
    if (!member.failure && !run_member(member, alone)) return false;
  }
  return true;
}

bool Writer::run_member(Member& member, bool alone) {
  auto& db = session_.db;
  const auto before = session_.audit.end();
  Result<void> ran;
  if (!alone) ran = step(queries::savepoint);
  if (ran) ran = member.operation->run(session_);
  const int code = ran ? SQLITE_OK : db.last_code();
  if (ran && !alone) ran = step(queries::release_savepoint);
  if (ran) return true;
  member.failure = ran.error();
  session_.audit.go_back(before);
  if (is_fatal(code)) broken_ = ran.error();
  if (broken_ || alone || !db.in_transaction()) return false;
  return step(queries::undo_savepoint) && step(queries::release_savepoint);
}

Result<void> Writer::step(const Query& query) {
  const auto done = session_.db.change(query);
  if (!done) return done.error();
  return {};
}

void Writer::roll_back() {
  if (session_.db.in_transaction()) (void)session_.db.change(queries::rollback);
}

Result<void> Writer::end_group() {
  if (auto written = session_.audit.write_head(session_.db); !written) return written;
  if (auto ended = step(queries::commit); !ended) return ended;
  session_.audit.committed();
  return {};
}

void Writer::finish(Group& group, const Result<void>& outcome) {
  for (auto& member : group) {
    member.operation->done(outcome && member.failure ? Result<void>(*member.failure) : outcome);
  }
}

}  // namespace meridian::store
