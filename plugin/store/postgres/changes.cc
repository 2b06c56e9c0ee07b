// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/changes.h"

#include "store/hidden_parts.h"
#include "store/people.h"
#include "store/postgres/audit.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.changes";
constexpr int alert_lane = 0;
constexpr int ordered_lane = 1;

Error stale_referral() {
  return {ErrorCode::stale, where, "the referral has changed since it was read"};
}

std::string seal_hidden(const Session& session, std::int64_t number, const ReferralRow& row) {
  return session.envelope.seal(sealed::referral_hidden, number, pack_hidden(row));
}

Result<void> add_referral(Session& session, const ReferralRow& row) {
  const auto number = session.next_number();
  if (!number) return number.error();
  const auto hidden = seal_hidden(session, *number, row);
  const auto added = session.db.change(
      Queries::add_referral, *number, row.id, row.source, row.direction, row.state, row.owner,
      row.worklist, row.destination, row.created_at, row.updated_at, Blob(hidden));
  if (!added) return added.error();
  if (*added == 0) return stale_referral();
  ++session.memory.referrals;
  session.memory.newest = row.id;
  session.memory.newest_number = *number;
  return {};
}

Result<std::int64_t> number_of(Session& session, const ReferralId& id) {
  if (session.memory.newest == id && !id.empty()) return session.memory.newest_number;
  auto rows = session.db.select(Queries::referral_number, id);
  if (rows.next()) return rows.integer(0);
  if (rows.failed()) return rows.error(where);
  return stale_referral();
}

Result<void> change_referral(Session& session, const ReferralChange& change) {
  const auto& row = change.row;
  const auto number = number_of(session, row.id);
  if (!number) return number.error();
  const auto hidden = seal_hidden(session, *number, row);
  const auto changed = session.db.change(Queries::change_referral, *number, row.direction,
                                         row.state, row.owner, row.worklist, row.destination,
                                         row.updated_at, Blob(hidden), change.expected_version);
  if (!changed) return changed.error();
  if (*changed == 0) return stale_referral();
  return {};
}

/// Asked while the line is held: who writes of a later version waits for it, so this stands before.
Result<void> expect_version(Session& session, const ReferralAt& read) {
  auto rows = session.db.select(Queries::referral_version, read.id);
  if (!rows.next()) return rows.failed() ? rows.error(where) : stale_referral();
  if (rows.integer(0) != read.version) return stale_referral();
  return {};
}

Result<void> put_referral(Session& session, const ReferralChange& change) {
  if (change.expected_version == 0) return add_referral(session, change.row);
  return change_referral(session, change);
}

/// 0 when the actor has told this one before.
Result<std::int64_t> next_event_number(Session& session, const NewEvent& event) {
  auto rows =
      session.db.select(Queries::next_event, event.referral, event.actor, event.actor_sequence);
  if (!rows.next()) return rows.error(where);
  return rows.integer(1) != 0 ? 0 : rows.integer(0);
}

Result<void> add_event(Session& session, const NewEvent& event) {
  const auto number = next_event_number(session, event);
  if (!number) return number.error();
  if (*number == 0) return {};
  const RowKey row(*number, event.referral.str());
  const auto detail = session.envelope.seal(sealed::event_detail, row, event.detail);
  const auto added = session.db.change(Queries::add_event, event.referral, *number, event.actor,
                                       event.actor_sequence, event.kind, event.at,
                                       TextOrNull{event.message.str()}, Blob(detail));
  if (!added) return added.error();
  return {};
}

/// The insertion waits for another node that is giving the same name; who comes second sees it.
Result<void> add_alias(Session& session, const NewAlias& alias) {
  const auto value = session.envelope.blind(alias.kind, alias.value);
  const Blob index{std::span<const std::uint8_t>(value)};
  const auto referral = number_of(session, alias.referral);
  if (!referral) return referral.error();
  const auto added = session.db.change(Queries::add_alias, index, *referral, int{alias.shared});
  if (!added) return added.error();
  if (alias.shared) return {};
  auto rows = session.db.select(Queries::alias_conflict, index, *referral);
  if (rows.next()) {
    return Error{ErrorCode::conflict, where, "another referral has this name already"};
  }
  if (rows.failed()) return rows.error(where);
  return {};
}

Result<void> cancel_work(Session& session, const std::string& unique_key) {
  const auto cancelled = session.db.change(Queries::cancel_work, unique_key);
  if (!cancelled) return cancelled.error();
  return {};
}

Result<void> add_work(Session& session, const NewWork& work) {
  const auto number = session.next_number();
  if (!number) return number.error();
  const auto detail = session.envelope.seal(sealed::work_detail, *number, work.detail);
  const auto added = session.db.change(Queries::add_work, *number, work.due, work.kind,
                                       work.referral, TextOrNull{work.unique_key}, Blob(detail));
  if (!added) return added.error();
  return {};
}

Result<void> supersede(Session& session, const ReferralId& referral) {
  const auto done = session.db.change(Queries::supersede_deliveries, referral, session.now);
  if (!done) return done.error();
  return {};
}

Result<std::int64_t> next_delivery_number(Session& session) {
  auto rows = session.db.select(Queries::delivery_number);
  if (!rows.next()) return rows.error(where);
  return rows.integer(0);
}

Result<void> add_delivery(Session& session, const NewDelivery& delivery) {
  const auto number = next_delivery_number(session);
  if (!number) return number.error();
  const auto body = session.envelope.seal(sealed::delivery_body, *number, delivery.body);
  // What is told to one of several people at one server waits for nobody else's.
  const bool waits = delivery.kind != "alert" && delivery.kind != "notice";
  const int lane = waits ? ordered_lane : alert_lane;
  const auto added = session.db.change(Queries::add_delivery, *number, delivery.referral,
                                       delivery.destination, lane, delivery.kind, delivery.key,
                                       delivery.media_type, delivery.rests_on_version, delivery.due,
                                       int{delivery.maybe_arrived}, session.now, Blob(body));
  if (!added) return added.error();
  ++session.memory.deliveries;
  return {};
}

Result<void> put_offer(Session& session, const OfferChange& offer) {
  const auto done =
      offer.answer.empty()
          ? session.db.change(Queries::add_offer, offer.referral, offer.destination, offer.at)
          : session.db.change(Queries::answer_offer, offer.referral, offer.destination, offer.at,
                              offer.answer);
  if (!done) return done.error();
  return {};
}

Result<void> put_on_shelf(Session& session, const ShelfChange& shelf) {
  const auto done =
      session.db.change(Queries::put_on_shelf, shelf.destination, shelf.referral, session.now);
  if (!done) return done.error();
  return {};
}

Result<void> add_alert(Session& session, const NewAlert& alert) {
  const auto added = session.db.change(Queries::add_alert, alert.id, alert.referral, alert.contact,
                                       alert.rule, alert.at);
  if (!added) return added.error();
  return {};
}

Result<void> hold_lines_of(Session& session, const Changes& changes) {
  std::vector<ReferralId> referrals;
  for (const auto& read : changes.rests_on) referrals.push_back(read.id);
  for (const auto& event : changes.events) referrals.push_back(event.referral);
  for (const auto& delivery : changes.deliveries) referrals.push_back(delivery.referral);
  for (const auto& shelf : changes.shelves) referrals.push_back(shelf.referral);
  return hold_lines(session, referrals);
}

template <typename Row>
Result<void> each(Session& session, const std::vector<Row>& rows,
                  Result<void> (*write)(Session&, const Row&)) {
  for (const auto& row : rows) {
    if (auto written = write(session, row); !written) return written;
  }
  return {};
}

}  // namespace

Result<void> apply_changes(Session& session, const Changes& changes) {
  Result<void> done = hold_lines_of(session, changes);
  if (done) done = each(session, changes.rests_on, &expect_version);
  if (done) done = each(session, changes.referrals, &put_referral);
  if (done) done = each(session, changes.events, &add_event);
  if (done) done = each(session, changes.aliases, &add_alias);
  if (done) done = each(session, changes.cancel_works, &cancel_work);
  if (done) done = each(session, changes.works, &add_work);
  if (done) done = each(session, changes.supersede, &supersede);
  if (done) done = each(session, changes.deliveries, &add_delivery);
  if (done) done = each(session, changes.alerts, &add_alert);
  if (done) done = each(session, changes.offers, &put_offer);
  if (done) done = each(session, changes.shelves, &put_on_shelf);
  if (done) done = each(session, changes.people, &put_person);
  if (done) done = each(session, changes.sessions, &change_session);
  if (done) done = each(session, changes.audits, &append_audit);
  return done;
}

}  // namespace meridian::store::postgres
