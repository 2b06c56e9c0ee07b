// SPDX-License-Identifier: Apache-2.0
// People who sign in and their sessions: written in an operation's transaction, and read. One text
// for both databases. A session has the parts that the writer of each gives it, and
// now_of(session).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "store/lists.h"
#include "store/people_rows.h"

namespace meridian::store {

/// Empty when nobody is to be found by it.
inline std::string email_index(const Envelope& envelope, const std::string& email) {
  if (email.empty()) return {};
  const auto index = envelope.blind("email", email);
  return {index.begin(), index.end()};
}

/// A person's row is bound to their id.
inline RowKey person_key(const std::string& id) {
  return {0, id};
}

template <typename Rows>
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
  const auto hidden = envelope.open(sealed::person_hidden, person_key(row.id), rows.view(10));
  if (!hidden) return hidden.error();
  if (!unpack_hidden(*hidden, row)) {
    return Error{ErrorCode::store_damaged, "store.people", "a person cannot be read"};
  }
  return row;
}

template <typename Session>
Result<void> check_email(Session& session, const PersonRow& row, const std::string& index) {
  if (index.empty()) return {};
  auto rows = session.db.select(Session::Db::Queries::person_conflict,
                                typename Session::Db::Blob{index}, row.id);
  if (rows.next()) {
    return Error{ErrorCode::conflict, "store.people", "another person has this e-mail address"};
  }
  if (rows.failed()) return rows.error("store.people");
  return {};
}

template <typename Session>
Result<void> begin_session(Session& session, const SessionRow& row) {
  const auto forgotten = session.db.change(Session::Db::Queries::forget_sessions, now_of(session));
  if (!forgotten) return forgotten.error();
  const auto begun = session.db.change(Session::Db::Queries::add_session, row.key, row.person,
                                       row.seen_at, row.ends_at);
  if (!begun) return begun.error();
  return {};
}

/// Errors: stale when the person is not at the version of the row; conflict when another has the
/// e-mail.
template <typename Session>
Result<void> put_person(Session& session, const PersonRow& row) {
  const auto index = email_index(session.envelope, row.email);
  if (auto free = check_email(session, row, index); !free) return free;
  const auto hidden =
      session.envelope.seal(sealed::person_hidden, person_key(row.id), pack_hidden(row));
  const auto done =
      row.version == 0
          ? session.db.change(Session::Db::Queries::add_person, row.id, row.role, row.clinic,
                              row.state, row.failures, row.locked_until, row.invited_at,
                              row.last_step, row.created_at, typename Session::Db::Blob{index},
                              typename Session::Db::Blob{hidden})
          : session.db.change(Session::Db::Queries::change_person, row.id, row.role, row.clinic,
                              row.state, row.failures, row.locked_until, row.invited_at,
                              row.last_step, typename Session::Db::Blob{index},
                              typename Session::Db::Blob{hidden}, row.version);
  if (!done) return done.error();
  if (*done == 0) {
    return Error{ErrorCode::stale, "store.people", "the person has changed since they were read"};
  }
  return {};
}

template <typename Session>
Result<void> change_session(Session& session, const SessionChange& change) {
  using What = SessionChange::What;
  const auto& row = change.row;
  if (change.what == What::begins) return begin_session(session, row);
  const auto done = change.what == What::is_seen
                        ? session.db.change(Session::Db::Queries::see_session, row.key, row.seen_at)
                    : change.what == What::ends
                        ? session.db.change(Session::Db::Queries::end_session, row.key)
                        : session.db.change(Session::Db::Queries::end_sessions_of, row.person);
  if (!done) return done.error();
  return {};
}

template <typename Db>
Result<std::optional<PersonRow>> read_person(Reading<Db> reading, std::string_view id) {
  return only<PersonRow>(reading.db.select(Db::Queries::person_by_id, id),
                         [&](const auto& rows) { return person_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::optional<PersonRow>> read_person_by_email(Reading<Db> reading, std::string_view email) {
  const auto index = email_index(reading.envelope, std::string(email));
  if (index.empty()) return std::optional<PersonRow>{};
  return only<PersonRow>(reading.db.select(Db::Queries::person_by_email, typename Db::Blob{index}),
                         [&](const auto& rows) { return person_of(rows, reading.envelope); });
}

template <typename Db>
Result<std::vector<PersonRow>> list_people(Reading<Db> reading) {
  return all<PersonRow>(reading.db.select(Db::Queries::list_people),
                        [&](const auto& rows) { return person_of(rows, reading.envelope); });
}

/// `now` is empty where the database has a clock of its own.
template <typename Db, typename... Now>
Result<std::optional<SessionRow>> read_session(Reading<Db> reading, std::string_view key,
                                               Now... now) {
  auto rows = reading.db.select(Db::Queries::session_by_key, key, now...);
  if (rows.next()) {
    return std::optional(SessionRow{rows.text(0), rows.text(1), rows.instant(2), rows.instant(3)});
  }
  if (rows.failed()) return rows.error("store.people");
  return std::optional<SessionRow>{};
}

}  // namespace meridian::store
