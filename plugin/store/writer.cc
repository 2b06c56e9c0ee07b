// SPDX-License-Identifier: Apache-2.0
#include "store/writer.h"

#include <algorithm>

#include "store/checkpointer.h"
#include "store/log_file.h"
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
  Waiting(const std::function<Result<void>(Session&)>& work, bool must_last)
      : work_(work), must_last_(must_last) {}

  Result<void> run(Session& session) override { return work_(session); }

  void done(const Result<void>& outcome) override {
    // Under the lock to the end: once it is free the caller destroys this.
    const std::lock_guard lock(mutex_);
    outcome_ = outcome;
    finished_ = true;
    wake_.notify_one();
  }

  bool must_last() const override { return must_last_; }

  Result<void> wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return finished_; });
    return outcome_;
  }

 private:
  const std::function<Result<void>(Session&)>& work_;
  const bool must_last_;
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
  return run(work, true);
}

Result<void> Writer::run_ahead(const std::function<Result<void>(Session&)>& work) {
  return run(work, false);
}

Result<void> Writer::run(const std::function<Result<void>(Session&)>& work, bool must_last) {
  if (std::this_thread::get_id() == writing_.load()) {
    return Error{ErrorCode::internal, where, "a callback of the store waits for the store"};
  }
  Waiting operation(work, must_last);
  if (begin_alone()) {
    Group group{{&operation, std::nullopt}};
    write(group);
    end();
  } else {
    submit(operation);
  }
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
    write(group);
    end();
  }
}

bool Writer::begin_alone() {
  const std::lock_guard lock(mutex_);
  if (busy_ || stopping_ || !queue_.empty()) return false;
  busy_ = true;
  return true;
}

bool Writer::take(Group& group) {
  group.clear();
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return !busy_ && (stopping_ || !queue_.empty()); });
  const auto count = std::min(queue_.size(), largest_group);
  for (std::size_t i = 0; i < count; ++i) group.push_back({queue_[i], std::nullopt});
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
  busy_ = count > 0;
  return busy_;
}

void Writer::write(Group& group) {
  writing_ = std::this_thread::get_id();
  commit(group);
  checkpointer_.after_commit(session_.db);
  writing_ = std::thread::id();
}

void Writer::end() {
  const std::lock_guard lock(mutex_);
  busy_ = false;
  if (stopping_ || !queue_.empty()) wake_.notify_one();
}

void Writer::commit(Group& group) {
  if (broken_) return finish(group, *broken_);
  const Bookmark before(session_);
  const auto outcome = try_commit(group, before);
  if (!outcome) {
    roll_back();
    before.restore(session_);
    if (breaks(outcome.error())) broken_ = outcome.error();
  }
  finish(group, outcome);
}

/// Savepoints copy every page that is changed after them, so a group first goes without. Only when
/// a member fails after it has written something does the group start over, with one for each.
/// SQLite may also roll everything back because of one member; then the others go again without it.
Result<void> Writer::try_commit(Group& group, const Bookmark& before) {
  for (bool apart = false;; apart = true) {
    if (auto begun = step(Queries::begin); !begun) return begun;
    if (run_members(group, apart)) return end_group(group);
    if (broken_) return *broken_;
    roll_back();
    before.restore(session_);
  }
}

/// False when the transaction has to be given up; the failure of a member stays with it.
bool Writer::run_members(Group& group, bool apart) {
  for (auto& member : group) {
    if (!member.failure && !(apart ? run_apart(member) : run_member(member))) return false;
  }
  return true;
}

/// False when it failed and left traces.
bool Writer::run_member(Member& member) {
  auto& db = session_.db;
  const Bookmark before(session_);
  const auto changes = db.total_changes();
  const auto ran = member.operation->run(session_);
  if (ran) return true;
  member.failure = ran.error();
  if (is_fatal(db.last_code())) broken_ = ran.error();
  before.restore(session_);
  return !broken_ && db.in_transaction() && db.total_changes() == changes;
}

bool Writer::run_apart(Member& member) {
  auto done = step(Queries::savepoint);
  if (done && !run_member(member)) {
    if (broken_ || !session_.db.in_transaction()) return false;
    done = step(Queries::undo_savepoint);
  }
  if (done) done = step(Queries::release_savepoint);
  if (!done && !member.failure) member.failure = done.error();
  return done.has_value();
}

Result<void> Writer::step(const Query& query) {
  const auto done = session_.db.change(query);
  if (!done) return done.error();
  return {};
}

void Writer::roll_back() {
  if (session_.db.in_transaction()) (void)session_.db.change(Queries::rollback);
}

Result<void> Writer::end_group(const Group& group) {
  if (auto written = session_.audit.write_head(session_.db); !written) return written;
  const bool lasts = std::any_of(group.begin(), group.end(), [](const Member& member) {
    return !member.failure && member.operation->must_last();
  });
  if (!lasts) leave_log_to_system(session_.db.handle(), true);
  const auto ended = step(Queries::commit);
  if (!lasts) leave_log_to_system(session_.db.handle(), false);
  if (!ended) return ended;
  session_.audit.committed();
  return {};
}

void Writer::finish(Group& group, const Result<void>& outcome) {
  for (auto& member : group) {
    member.operation->done(outcome && member.failure ? Result<void>(*member.failure) : outcome);
  }
}

}  // namespace meridian::store
