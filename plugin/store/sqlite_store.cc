// SPDX-License-Identifier: Apache-2.0
#include "store/changes.h"
#include "store/messages.h"
#include "store/outbox.h"
#include "store/people.h"
#include "store/prune.h"
#include "store/restored.h"
#include "store/sqlite_store_parts.h"
#include "store/work.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.sqlite_store";

/// A message that a listener does not wait for.
class Acceptance : public Operation {
 public:
  Acceptance(NewMessage message, Changes changes, std::function<void(Result<Accepted>)> done)
      : message_(std::move(message)), changes_(std::move(changes)), done_(std::move(done)) {}

  Result<void> run(Session& session) override {
    auto accepted = accept_message(session, message_, changes_);
    if (!accepted) return accepted.error();
    accepted_ = std::move(*accepted);
    return {};
  }

  void done(const Result<void>& outcome) override {
    const std::unique_ptr<Acceptance> self(this);
    if (outcome) {
      done_(std::move(accepted_));
    } else {
      done_(outcome.error());
    }
  }

 private:
  NewMessage message_;
  Changes changes_;
  std::function<void(Result<Accepted>)> done_;
  Accepted accepted_;
};

Error only_read() {
  return {ErrorCode::forbidden, where, "the database was opened only to be read"};
}

Result<std::optional<Instant>> earliest(Rows rows) {
  if (!rows.next()) return rows.error(where);
  return rows.maybe_instant(0);
}

}  // namespace

SqliteStore::SqliteStore(SqliteParts parts)
    : lock_(std::move(parts.lock)),
      clock_(std::move(parts.clock)),
      node_(std::move(parts.node)),
      keys_(std::move(parts.keys)),
      audit_(std::move(parts.audit)),
      connection_(std::move(parts.writer)),
      readers_(std::move(parts.readers)) {
  if (!connection_) return;
  checkpointer_ = std::make_unique<Checkpointer>(std::move(parts.checkpointer), parts.log_pages,
                                                 parts.copy_in_turn);
  checkpointer_->watch(*connection_);
  const Session session{*connection_, *keys_.envelope, clock_, audit_, parts.numbers};
  writer_ = std::make_unique<Writer>(session, *checkpointer_);
}

SqliteStore::~SqliteStore() {
  close();
}

void SqliteStore::close() {
  if (writer_) writer_->stop();
  readers_.stop();
  if (checkpointer_) checkpointer_->stop();
}

Result<void> SqliteStore::change(const std::function<Result<void>(Session&)>& work) {
  if (!writer_) return only_read();
  return writer_->run(work);
}

template <typename T, typename Work>
Result<T> SqliteStore::write(const Work& work) {
  Result<T> value = Error{ErrorCode::internal, where, "the operation did not run"};
  const auto outcome = change([&](Session& session) -> Result<void> {
    value = work(session);
    if (!value) return value.error();
    return {};
  });
  if (!outcome) return outcome.error();
  return value;
}

template <typename Work>
auto SqliteStore::read(const Work& work) -> decltype(work(std::declval<Reading<Sqlite>>())) {
  auto loan = readers_.lend();
  if (!loan) return Error{ErrorCode::stopping, where, "the store is closed"};
  return work(Reading<Sqlite>{*loan, *keys_.envelope});
}

Result<Accepted> SqliteStore::accept(const NewMessage& message, const Changes& changes) {
  return write<Accepted>(
      [&](Session& session) { return accept_message(session, message, changes); });
}

void SqliteStore::accept_async(NewMessage message, Changes changes,
                               std::function<void(Result<Accepted>)> done) {
  if (!writer_) return done(only_read());
  // Owns itself from here on; done() is called in every case.
  auto* operation = new Acceptance(std::move(message), std::move(changes), std::move(done));
  writer_->submit(*operation);
}

Result<std::vector<WorkItem>> SqliteStore::claim_work(std::string_view owner, int limit,
                                                      std::chrono::milliseconds lease) {
  if (!writer_) return only_read();
  std::vector<WorkItem> items;
  const auto claimed = writer_->run_ahead([&](Session& session) -> Result<void> {
    auto found = store::claim_work(session, {owner, lease}, limit);
    if (!found) return found.error();
    items = std::move(*found);
    return {};
  });
  if (!claimed) return claimed.error();
  return items;
}

Result<void> SqliteStore::finish_work(const WorkItem& item, const Changes& changes) {
  return change([&](Session& session) { return store::finish_work(session, item, changes); });
}

Result<void> SqliteStore::return_work(const WorkItem& item, Instant due, bool dead,
                                      const Error& error) {
  const auto next = dead ? std::nullopt : std::optional(due);
  return change([&](Session& session) { return store::return_work(session, item, next, error); });
}

Result<void> SqliteStore::revive_work(std::int64_t number) {
  return change([&](Session& session) { return store::revive_work(session, number); });
}

Result<void> SqliteStore::release_message(const MessageId& id, std::string_view answer,
                                          const Changes& changes) {
  return change([&](Session& session) { return end_quarantine(session, id, answer, changes); });
}

Result<std::string> SqliteStore::keep_facts(const NewFacts& facts) {
  if (!writer_) return only_read();
  std::string id = new_ulid();
  const auto kept =
      writer_->run_ahead([&](Session& session) { return put_facts(session, id, facts); });
  if (!kept) return kept.error();
  return id;
}

Result<std::optional<Delivery>> SqliteStore::claim_delivery(const DestinationId& destination,
                                                            std::string_view owner,
                                                            std::chrono::milliseconds lease) {
  return write<std::optional<Delivery>>([&](Session& session) {
    return store::claim_delivery(session, destination, {owner, lease});
  });
}

Result<void> SqliteStore::settle_delivery(const Delivery& delivery, const Settlement& settlement,
                                          const Changes& changes) {
  return change([&](Session& session) {
    return store::settle_delivery(session, delivery, settlement, changes);
  });
}

Result<void> SqliteStore::decide_delivery(std::int64_t number, DeliveryState state,
                                          const Changes& changes) {
  return change(
      [&](Session& session) { return store::decide_delivery(session, number, state, changes); });
}

Result<void> SqliteStore::apply(const Changes& changes) {
  return change([&](Session& session) { return apply_changes(session, changes); });
}

Result<void> SqliteStore::acknowledge_alert(std::string_view alert_id, std::string_view by,
                                            const Changes& changes) {
  return change([&](Session& session) { return end_alert(session, alert_id, by, changes); });
}

Result<void> SqliteStore::set_cursor(const SourceId& source, std::string_view name,
                                     std::string_view value) {
  return change([&](Session& session) { return put_cursor(session, source, name, value); });
}

Result<bool> SqliteStore::hold_lease(std::string_view name, std::string_view owner,
                                     std::chrono::milliseconds lease) {
  return write<bool>([&](Session& session) {
    return store::hold_lease(session, name, {owner, lease});
  });
}

Result<std::optional<SessionRow>> SqliteStore::session(std::string_view key) {
  return read([&](auto reading) { return read_session(reading, key, clock_()); });
}

Result<std::vector<DestinationId>> SqliteStore::due_destinations() {
  return read([&](auto reading) { return list_due_destinations(reading, clock_()); });
}

Result<Counts> SqliteStore::counts() {
  return read([&](auto reading) { return read_counts(reading, clock_()); });
}

Result<std::optional<Instant>> SqliteStore::next_due() {
  return read([](auto reading) -> Result<std::optional<Instant>> {
    const auto work = earliest(reading.db.select(Queries::next_work_due));
    if (!work) return work.error();
    const auto delivery = earliest(reading.db.select(Queries::next_delivery_due));
    if (!delivery) return delivery.error();
    if (!*work) return *delivery;
    if (!*delivery) return *work;
    return std::optional(std::min(**work, **delivery));
  });
}

Result<std::string> SqliteStore::cursor(const SourceId& source, std::string_view name) {
  return read([&](auto reading) {
    auto value = only<std::string>(
        reading.db.select(Queries::cursor_value, source, name), [&](const auto& rows) {
          return reading.envelope.open(sealed::cursor_value, rows.integer(0), rows.view(1));
        });
    if (!value) return Result<std::string>(value.error());
    return Result(value->value_or(""));
  });
}

Result<Pruning> SqliteStore::prune(const Retention& retention, const Pruning& so_far) {
  return write<Pruning>([&](Session& session) { return store::prune(session, retention, so_far); });
}

Result<std::int64_t> SqliteStore::verify_audit() {
  return read([&](auto reading) { return store::verify_audit(reading.db, keys_.audit_key); });
}

Result<std::vector<AuditRow>> SqliteStore::audit(int limit) {
  return read([&](auto reading) { return read_audit(reading.db, node_, limit); });
}

Result<AuditHead> SqliteStore::audit_head() {
  return read([&](auto reading) { return read_audit_head(reading.db, node_); });
}

Result<std::int64_t> SqliteStore::mark_restored(Instant taken_at, std::string_view by) {
  return write<std::int64_t>(
      [&](Session& session) { return store::mark_restored(session, taken_at, by); });
}

}  // namespace meridian::store
