// SPDX-License-Identifier: Apache-2.0
#include "store/people.h"

#include "store/hidden_parts.h"
#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.people";

Error stale_person() {
  return {ErrorCode::stale, where, "the person has changed since they were read"};
}

/// Empty when nobody is to be found by it.
std::string index_of(const Envelope& envelope, const std::string& email) {
  if (email.empty()) return {};
  const auto index = envelope.blind("email", email);
  return {index.begin(), index.end()};
}

/// A person's row is bound to their id.
RowKey key_of(const std::string& id) {
  return {0, id};
}

Result<PersonRow> person_of(const Rows& rows, const Envelope& envelope) {
  PersonRow row;
  row.id = rows.text(0);
  row.version = rows.integer(1);
  row.role = rows.text(2);
  row.clinic = rows.id(3, DestinationId());
  row.state = rows.text(4);
  row.failures = static_cast<int>(rows.integer(5));
  row.locked_until = rows.maybe_instant(6);
  row.invited_at = rows.maybe_instant(7);
  row.last_step = rows.integer(8);
  row.created_at = rows.instant(9);
  const auto hidden = envelope.open(sealed::person_hidden, key_of(row.id), rows.view(10));
  if (!hidden) return hidden.error();
  if (!unpack_hidden(*hidden, row)) {
    return Error{ErrorCode::store_damaged, where, "a person cannot be read"};
  }
  return row;
}

Result<std::optional<PersonRow>> only(Rows rows, const Envelope& envelope) {
  if (!rows.next()) {
    if (rows.failed()) return rows.error(where);
    return std::optional<PersonRow>{};
  }
  auto row = person_of(rows, envelope);
  if (!row) return row.error();
  return std::optional(std::move(*row));
}

Result<void> check_email(Session& session, const PersonRow& row, const std::string& index) {
  if (index.empty()) return {};
  auto rows = session.db.select(queries::person_conflict, Blob{index}, row.id);
  if (rows.next()) {
    return Error{ErrorCode::conflict, where, "another person has this e-mail address"};
  }
  if (rows.failed()) return rows.error(where);
  return {};
}

Result<void> begin_session(Session& session, const SessionRow& row) {
  const auto forgotten = session.db.change(queries::forget_sessions, session.clock());
  if (!forgotten) return forgotten.error();
  const auto begun =
      session.db.change(queries::add_session, row.key, row.person, row.seen_at, row.ends_at);
  if (!begun) return begun.error();
  return {};
}

}  // namespace

Result<void> put_person(Session& session, const PersonRow& row) {
  const auto index = index_of(session.envelope, row.email);
  if (auto free = check_email(session, row, index); !free) return free;
  const auto hidden =
      session.envelope.seal(sealed::person_hidden, key_of(row.id), pack_hidden(row));
  const auto done =
      row.version == 0
          ? session.db.change(queries::add_person, row.id, row.role, row.clinic, row.state,
                              row.failures, row.locked_until, row.invited_at, row.last_step,
                              row.created_at, Blob{index}, Blob{hidden})
          : session.db.change(queries::change_person, row.id, row.role, row.clinic, row.state,
                              row.failures, row.locked_until, row.invited_at, row.last_step,
                              Blob{index}, Blob{hidden}, row.version);
  if (!done) return done.error();
  if (*done == 0) return stale_person();
  return {};
}

Result<void> change_session(Session& session, const SessionChange& change) {
  using What = SessionChange::What;
  const auto& row = change.row;
  if (change.what == What::begins) return begin_session(session, row);
  const auto done =
      change.what == What::is_seen ? session.db.change(queries::see_session, row.key, row.seen_at)
      : change.what == What::ends  ? session.db.change(queries::end_session, row.key)
                                   : session.db.change(queries::end_sessions_of, row.person);
  if (!done) return done.error();
  return {};
}

Result<std::optional<PersonRow>> read_person(Reading reading, std::string_view id) {
  return only(reading.db.select(queries::person_by_id, id), reading.envelope);
}

Result<std::optional<PersonRow>> read_person_by_email(Reading reading, std::string_view email) {
  const auto index = index_of(reading.envelope, std::string(email));
  if (index.empty()) return std::optional<PersonRow>{};
  return only(reading.db.select(queries::person_by_email, Blob{index}), reading.envelope);
}

Result<std::vector<PersonRow>> list_people(Reading reading) {
  std::vector<PersonRow> list;
  auto rows = reading.db.select(queries::list_people);
  while (rows.next()) {
    auto row = person_of(rows, reading.envelope);
    if (!row) return row.error();
    list.push_back(std::move(*row));
  }
  if (rows.failed()) return rows.error(where);
  return list;
}

Result<std::optional<SessionRow>> read_session(Reading reading, std::string_view key, Instant now) {
  auto rows = reading.db.select(queries::session_by_key, key, now);
  if (rows.next()) {
    return std::optional(SessionRow{rows.text(0), rows.text(1), rows.instant(2), rows.instant(3)});
  }
  if (rows.failed()) return rows.error(where);
  return std::optional<SessionRow>{};
}

}  // namespace meridian::store
