// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/audit.h"
#include "store/postgres/changes.h"
#include "store/postgres/operations.h"
#include "store/postgres/people.h"
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
auto PostgresStore::read(const Work& work) -> decltype(work(std::declval<Reading>())) {
  auto loan = readers_.lend();
  if (!loan) return Error{ErrorCode::stopping, where, "the store is closed"};
  for (bool again = false;; again = true) {
    const auto db = loan.get();
    if (!db) return db.error();
    auto value = work(Reading{**db, *keys_.envelope});
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

Result<std::optional<PersonRow>> PostgresStore::person(std::string_view id) {
  return read([&](Reading reading) { return read_person(reading, id); });
}

Result<std::optional<PersonRow>> PostgresStore::person_by_email(std::string_view email) {
  return read([&](Reading reading) { return read_person_by_email(reading, email); });
}

Result<std::vector<PersonRow>> PostgresStore::people() {
  return read([&](Reading reading) { return list_people(reading); });
}

Result<std::optional<SessionRow>> PostgresStore::session(std::string_view key) {
  return read([&](Reading reading) { return read_session(reading, key); });
}

Result<std::optional<ReferralRow>> PostgresStore::referral(const ReferralId& id) {
  return read([&](Reading reading) { return read_referral(reading, id); });
}

Result<std::vector<ReferralRow>> PostgresStore::referrals(int limit) {
  return read([&](Reading reading) { return list_referrals(reading, limit); });
}

Result<std::optional<ReferralId>> PostgresStore::find_alias(std::string_view kind,
                                                            std::string_view value) {
  return read([&](Reading reading) { return read_alias(reading, kind, value); });
}

Result<std::vector<ReferralId>> PostgresStore::find_shared(std::string_view kind,
                                                           std::string_view value) {
  return read([&](Reading reading) { return list_shared_alias(reading, kind, value); });
}

Result<std::optional<MessageRow>> PostgresStore::message(const MessageId& id) {
  return read([&](Reading reading) { return read_message(reading, id); });
}

Result<std::vector<ReferralId>> PostgresStore::unguarded(std::string_view state, int limit) {
  return read([&](Reading reading) { return list_unguarded(reading, state, limit); });
}

Result<std::vector<EventRow>> PostgresStore::events(const ReferralId& id) {
  return read([&](Reading reading) { return list_events(reading, id); });
}

Result<std::optional<FactsRow>> PostgresStore::facts(std::string_view fact_id) {
  return read([&](Reading reading) { return read_facts(reading, fact_id); });
}

Result<std::optional<FactsRow>> PostgresStore::latest_facts(const ReferralId& id) {
  return read([&](Reading reading) { return read_latest_facts(reading, id); });
}

Result<bool> PostgresStore::has_message(const SourceId& source, std::string_view sender_id) {
  return read([&](Reading reading) { return postgres::has_message(reading, source, sender_id); });
}

Result<std::vector<MessageRow>> PostgresStore::messages_of(const ReferralId& id) {
  return read([&](Reading reading) { return list_messages_of(reading, id); });
}

Result<std::vector<DeliveryRow>> PostgresStore::deliveries(const ReferralId& id) {
  return read([&](Reading reading) { return list_deliveries(reading, id); });
}

Result<std::optional<DeliveryRow>> PostgresStore::delivery(std::int64_t number) {
  return read([&](Reading reading) { return read_delivery(reading, number); });
}

Result<std::vector<DeliveryRow>> PostgresStore::outbox(int limit) {
  return read([&](Reading reading) { return list_outbox(reading, limit); });
}

Result<std::vector<DeliveryRow>> PostgresStore::dead_letters(int limit) {
  return read([&](Reading reading) { return list_dead_letters(reading, limit); });
}

Result<std::vector<DeadWork>> PostgresStore::dead_work(int limit) {
  return read([&](Reading reading) { return list_dead_work(reading, limit); });
}

Result<std::vector<QuarantineRow>> PostgresStore::quarantine(int limit) {
  return read([&](Reading reading) { return list_quarantine(reading, limit); });
}

Result<std::vector<ShelfRow>> PostgresStore::shelf(const DestinationId& destination,
                                                   Instant since) {
  return read([&](Reading reading) { return list_shelf(reading, destination, since); });
}

Result<std::vector<OfferLoad>> PostgresStore::loads(Instant since) {
  return read([&](Reading reading) { return list_loads(reading, since); });
}

Result<std::vector<AlertRow>> PostgresStore::open_alerts() {
  return read([&](Reading reading) { return list_open_alerts(reading); });
}

Result<std::optional<AlertRow>> PostgresStore::alert(std::string_view alert_id) {
  return read([&](Reading reading) { return read_alert(reading, alert_id); });
}

Result<std::vector<DestinationId>> PostgresStore::due_destinations() {
  return read([&](Reading reading) { return list_due_destinations(reading); });
}

Result<Counts> PostgresStore::counts() {
  return read([&](Reading reading) { return read_counts(reading); });
}

Result<std::vector<Walk>> PostgresStore::walks(Instant since, Orderers orderers) {
  return read([&](Reading reading) { return list_walks(reading, since, orderers); });
}

Result<Tallies> PostgresStore::tallies() {
  return read([&](Reading reading) { return list_tallies(reading); });
}

Result<std::optional<Instant>> PostgresStore::next_due() {
  return read([&](Reading reading) { return read_next_due(reading); });
}

Result<std::string> PostgresStore::cursor(const SourceId& source, std::string_view name) {
  return read([&](Reading reading) { return read_cursor(reading, source, name); });
}

Result<std::int64_t> PostgresStore::verify_audit() {
  return read([&](Reading reading) { return postgres::verify_audit(reading.db, keys_.audit_key); });
}

Result<std::vector<AuditRow>> PostgresStore::audit(int limit) {
  return read([&](Reading reading) { return read_audit(reading.db, node_, limit); });
}

Result<AuditHead> PostgresStore::audit_head() {
  return read([&](Reading reading) { return read_audit_head(reading.db, node_); });
}

Result<std::int64_t> PostgresStore::mark_restored(Instant taken_at, std::string_view by) {
  return write<std::int64_t>(
      [&](Session& session) { return postgres::mark_restored(session, taken_at, by); });
}

Result<std::vector<RestoreRow>> PostgresStore::restores() {
  return read([&](Reading reading) { return list_restores(reading); });
}

}  // namespace meridian::store::postgres

namespace meridian::store {

Clock clock_of(const Store& store) {
  const auto* on_server = dynamic_cast<const postgres::PostgresStore*>(&store);
  if (on_server == nullptr) return system_now;
  return [clock = on_server->clock()] { return clock->now(); };
}

}  // namespace meridian::store
