// SPDX-License-Identifier: Apache-2.0
// IN: keeps a message and what follows from it; answers a repeat.
#include "store/outcome_json.h"
#include "store/postgres/changes.h"
#include "store/postgres/operations.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.messages";

/// The stored answer to a message whose key is taken.
Result<Accepted> answer_again(Session& session, const NewMessage& message, const Sha256& digest) {
  auto rows = session.db.select(Queries::message_by_key, message.source, message.sender_id);
  if (!rows.next()) {
    if (rows.failed()) return rows.error(where);
    return Error{ErrorCode::conflict, where, "the message id is taken"};
  }
  if (rows.view(2) != Blob(digest).bytes) {
    return Error{ErrorCode::conflict, where, "the sender used this message id for another body"};
  }
  auto answer = session.envelope.open(sealed::message_answer, rows.integer(0), rows.view(3));
  if (!answer) return answer.error();
  return Accepted{rows.id(1, MessageId()), std::move(*answer), true};
}

}  // namespace

Result<Accepted> accept_message(Session& session, const NewMessage& message,
                                const Changes& changes) {
  const auto& envelope = session.envelope;
  const auto number = session.next_number();
  if (!number) return number.error();
  const auto digest = envelope.digest(message.repeat_of.empty() ? message.body : message.repeat_of);
  const auto answer = envelope.seal(sealed::message_answer, *number, message.answer);
  const auto issues = envelope.seal(sealed::message_issues, *number, outcome_json(message.issues));
  const auto body = envelope.seal(sealed::message_body, *number, message.body);
  const auto added = session.db.change(Queries::add_message, *number, message.id, message.source,
                                       TextOrNull{message.sender_id}, message.media_type,
                                       message.received_at, int{message.quarantined}, Blob(digest),
                                       Blob(answer), Blob(issues), Blob(body));
  if (!added) return added.error();
  if (*added == 0) return answer_again(session, message, digest);
  ++session.memory.messages;
  if (auto applied = apply_changes(session, changes); !applied) return applied.error();
  return Accepted{message.id, message.answer, false};
}

Result<void> end_quarantine(Session& session, const MessageId& id, std::string_view answer,
                            const Changes& changes) {
  auto rows = session.db.select(Queries::message_by_id, id);
  if (rows.failed()) return rows.error(where);
  const auto number = rows.next() ? rows.integer(0) : 0;
  const auto hidden = session.envelope.seal(sealed::message_answer, number, answer);
  const auto ended = session.db.change(Queries::end_quarantine, number, Blob(hidden));
  if (!ended) return ended.error();
  if (*ended == 0) return Error{ErrorCode::not_found, where, "no such message in quarantine"};
  return apply_changes(session, changes);
}

std::string cursor_scope(const SourceId& source, std::string_view name) {
  std::string scope = source.str();
  scope.push_back('\0');
  scope.append(name);
  return scope;
}

Result<void> put_cursor(Session& session, const SourceId& source, std::string_view name,
                        std::string_view value) {
  const auto scope = cursor_scope(source, name);
  const auto hidden = session.envelope.seal(sealed::cursor_value, RowKey(0, scope), value);
  const auto set = session.db.change(Queries::set_cursor, source, name, Blob(hidden));
  if (!set) return set.error();
  return {};
}

Result<void> put_facts(Session& session, const std::string& id, const NewFacts& facts) {
  const auto number = session.next_number();
  if (!number) return number.error();
  const auto history = session.envelope.seal(sealed::facts_history, *number, facts.history);
  const auto body = session.envelope.seal(sealed::facts_body, *number, facts.body);
  const auto added = session.db.change(Queries::add_facts, *number, id, facts.referral,
                                       facts.media_type, facts.at, Blob(history), Blob(body));
  if (!added) return added.error();
  return {};
}

Result<void> end_alert(Session& session, std::string_view alert_id, std::string_view by,
                       const Changes& changes) {
  const auto ended = session.db.change(Queries::acknowledge_alert, alert_id, session.now, by);
  if (!ended) return ended.error();
  if (*ended == 0) return Error{ErrorCode::not_found, where, "no such open alert"};
  return apply_changes(session, changes);
}

Result<bool> hold_lease(Session& session, std::string_view name, const Claim& claim) {
  const auto ended = session.db.change(Queries::end_leases, session.now);
  if (!ended) return ended.error();
  const auto held = session.db.change(Queries::hold_lease, name, claim.owner, session.now,
                                      session.now + claim.lease);
  if (!held) return held.error();
  return *held == 1;
}

}  // namespace meridian::store::postgres
