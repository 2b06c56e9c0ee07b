// SPDX-License-Identifier: Apache-2.0
#include "store/people.h"
#include "store/postgres/audit.h"
#include "store/postgres/changes.h"
#include "store/postgres/operations.h"
#include "store/postgres/store_parts.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.postgres_store";

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

}  // namespace

PostgresStore::PostgresStore(PostgresParts parts)
    : node_(std::move(parts.node)),
      keys_(std::move(parts.keys)),
      audit_key_(keys_.audit_key),
      readers_(std::move(parts.read_settings)) {
  if (!parts.link) return;
  const Tools tools{*keys_.envelope, node_, audit_key_, parts.commit_patience, *clock_};
  writer_ = std::make_unique<Writer>(std::move(parts.link), tools);
}

PostgresStore::~PostgresStore() {
  PostgresStore::close();
}

void PostgresStore::close() {
  if (writer_) writer_->stop();
  readers_.stop();
}

Result<void> PostgresStore::change(const std::function<Result<void>(Session&)>& work) {
  if (!writer_) return only_read();
  return writer_->run(work);
}

template <typename T, typename Work>
Result<T> PostgresStore::write(const Work& work) {
  Result<T> value = Error{ErrorCode::internal, where, "the operation did not run"};
  const auto outcome = change([&](Session& session) -> Result<void> {
    value = work(session);
    if (!value) return value.error();
    return {};
  });
  if (!outcome) return outcome.error();
  return value;
}

/// A read whose connection breaks runs once more on a new one.
template <typename Work>
auto PostgresStore::read(const Work& work) -> decltype(work(std::declval<Reading<Postgres>>())) {
  auto loan = readers_.lend();
  if (!loan) return Error{ErrorCode::stopping, where, "the store is closed"};
  for (bool again = false;; again = true) {
    const auto db = loan.get();
    if (!db) return db.error();
    auto value = work(Reading<Postgres>{**db, *keys_.envelope});
    if (value || (*db)->alive() || again) return value;
  }
}

Result<Accepted> PostgresStore::accept(const NewMessage& message, const Changes& changes) {
  return write<Accepted>(
      [&](Session& session) { return accept_message(session, message, changes); });
}

void PostgresStore::accept_async(NewMessage message, Changes changes,
                                 std::function<void(Result<Accepted>)> done) {
  if (!writer_) return done(only_read());
  // Owns itself from here on; done() is called in every case.
  auto* operation = new Acceptance(std::move(message), std::move(changes), std::move(done));
  writer_->submit(*operation);
}

Result<std::vector<WorkItem>> PostgresStore::claim_work(std::string_view owner, int limit,
                                                        std::chrono::milliseconds lease) {
  return write<std::vector<WorkItem>>([&](Session& session) {
    return postgres::claim_work(session, {owner, lease}, limit);
  });
}

Result<void> PostgresStore::finish_work(const WorkItem& item, const Changes& changes) {
  return change([&](Session& session) { return postgres::finish_work(session, item, changes); });
}

Result<void> PostgresStore::return_work(const WorkItem& item, Instant due, bool dead,
                                        const Error& error) {
  const auto next = dead ? std::nullopt : std::optional(due);
  return change(
      [&](Session& session) { return postgres::return_work(session, item, next, error); });
}

Result<void> PostgresStore::revive_work(std::int64_t number) {
  return change([&](Session& session) { return postgres::revive_work(session, number); });
}

Result<void> PostgresStore::release_message(const MessageId& id, std::string_view answer,
                                            const Changes& changes) {
  return change([&](Session& session) { return end_quarantine(session, id, answer, changes); });
}

Result<std::string> PostgresStore::keep_facts(const NewFacts& facts) {
  std::string id = new_ulid();
  const auto kept = change([&](Session& session) { return put_facts(session, id, facts); });
  if (!kept) return kept.error();
  return id;
}

Result<std::optional<Delivery>> PostgresStore::claim_delivery(const DestinationId& destination,
                                                              std::string_view owner,
                                                              std::chrono::milliseconds lease) {
  return write<std::optional<Delivery>>([&](Session& session) {
    return postgres::claim_delivery(session, destination, {owner, lease});
  });
}

Result<void> PostgresStore::settle_delivery(const Delivery& delivery, const Settlement& settlement,
                                            const Changes& changes) {
  return change([&](Session& session) {
    return postgres::settle_delivery(session, delivery, settlement, changes);
  });
}

Result<void> PostgresStore::decide_delivery(std::int64_t number, DeliveryState state,
                                            const Changes& changes) {
  return change(
      [&](Session& session) { return postgres::decide_delivery(session, number, state, changes); });
}

Result<void> PostgresStore::apply(const Changes& changes) {
  return change([&](Session& session) { return apply_changes(session, changes); });
}

Result<void> PostgresStore::acknowledge_alert(std::string_view alert_id, std::string_view by,
                                              const Changes& changes) {
  return change([&](Session& session) { return end_alert(session, alert_id, by, changes); });
}

Result<void> PostgresStore::set_cursor(const SourceId& source, std::string_view name,
                                       std::string_view value) {
  return change([&](Session& session) { return put_cursor(session, source, name, value); });
}

Result<bool> PostgresStore::hold_lease(std::string_view name, std::string_view owner,
                                       std::chrono::milliseconds lease) {
  return write<bool>([&](Session& session) {
    return postgres::hold_lease(session, name, {owner, lease});
  });
}

Result<std::optional<SessionRow>> PostgresStore::session(std::string_view key) {
  return read([&](auto reading) { return read_session(reading, key); });
}

Result<std::vector<DestinationId>> PostgresStore::due_destinations() {
  return read([&](auto reading) { return list_due_destinations(reading); });
}

Result<Counts> PostgresStore::counts() {
  return read([&](auto reading) { return read_counts(reading); });
}

Result<std::optional<Instant>> PostgresStore::next_due() {
  return read([](auto reading) -> Result<std::optional<Instant>> {
    auto rows = reading.db.select(Queries::next_due);
    if (!rows.next()) return rows.error(where);
    return rows.maybe_instant(0);
  });
}

Result<std::string> PostgresStore::cursor(const SourceId& source, std::string_view name) {
  return read([&](auto reading) {
    const auto scope = cursor_scope(source, name);
    auto value = only<std::string>(
        reading.db.select(Queries::cursor_value, source, name), [&](const auto& rows) {
          return reading.envelope.open(sealed::cursor_value, RowKey(0, scope), rows.view(0));
        });
    if (!value) return Result<std::string>(value.error());
    return Result(value->value_or(""));
  });
}

Result<Pruning> PostgresStore::prune(const Retention& retention, const Pruning& so_far) {
  return write<Pruning>(
      [&](Session& session) { return postgres::prune(session, retention, so_far); });
}

Result<std::int64_t> PostgresStore::verify_audit() {
  return read([&](auto reading) { return postgres::verify_audit(reading.db, keys_.audit_key); });
}

Result<std::vector<AuditRow>> PostgresStore::audit(int limit) {
  return read([&](auto reading) { return read_audit(reading.db, node_, limit); });
}

Result<AuditHead> PostgresStore::audit_head() {
  return read([&](auto reading) { return read_audit_head(reading.db, node_); });
}

Result<std::int64_t> PostgresStore::mark_restored(Instant taken_at, std::string_view by) {
  return write<std::int64_t>(
      [&](Session& session) { return postgres::mark_restored(session, taken_at, by); });
}

}  // namespace meridian::store::postgres

namespace meridian::store {

Clock clock_of(const Store& store) {
  const auto* on_server = dynamic_cast<const postgres::PostgresStore*>(&store);
  if (on_server == nullptr) return system_now;
  return [clock = on_server->clock()] { return clock->now(); };
}

}  // namespace meridian::store
