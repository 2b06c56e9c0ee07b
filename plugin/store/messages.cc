// SPDX-License-Identifier: Apache-2.0
#include "store/messages.h"

#include "store/changes.h"
#include "store/outcome_json.h"
#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.messages";

Sha256 digest_of(const Session& session, const NewMessage& message) {
  const auto& counts = message.repeat_of.empty() ? message.body : message.repeat_of;
  return session.envelope.digest(counts);
}

/// The stored answer to a message whose key is taken.
Result<Accepted> answer_again(Session& session, const NewMessage& message, const Sha256& digest) {
  auto rows = session.db.select(Queries::message_by_key, message.source, message.sender_id);
  if (!rows.next()) {
    if (rows.failed()) return rows.error(where);
    return Error{ErrorCode::conflict, where, "the message id is taken"};
  }
  const std::string_view ours(reinterpret_cast<const char*>(digest.data()), digest.size());
  if (rows.view(2) != ours) {
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
  const auto number = session.numbers.message + 1;
  const auto digest = digest_of(session, message);
  const auto answer = envelope.seal(sealed::message_answer, number, message.answer);
  const auto issues = envelope.seal(sealed::message_issues, number, outcome_json(message.issues));
  const auto body = envelope.seal(sealed::message_body, number, message.body);
  const auto added = session.db.change(
      Queries::add_message, number, message.id, message.source, TextOrNull{message.sender_id},
      message.media_type, message.received_at, int{message.quarantined},
      std::span<const std::uint8_t>(digest), Blob{answer}, Blob{issues}, Blob{body});
  if (!added) return added.error();
  if (*added == 0) return answer_again(session, message, digest);
  session.numbers.message = number;
  if (auto applied = apply_changes(session, changes); !applied) return applied.error();
  return Accepted{message.id, message.answer, false};
}

Result<void> end_quarantine(Session& session, const MessageId& id, std::string_view answer,
                            const Changes& changes) {
  std::int64_t number = 0;
  {
    auto rows = session.db.select(Queries::message_by_id, id);
    if (rows.next()) number = rows.integer(0);
    if (rows.failed()) return rows.error(where);
  }
  const auto hidden = session.envelope.seal(sealed::message_answer, number, answer);
  const auto ended = session.db.change(Queries::end_quarantine, number, Blob{hidden});
  if (!ended) return ended.error();
  if (*ended == 0) return Error{ErrorCode::not_found, where, "no such message in quarantine"};
  return apply_changes(session, changes);
}

Result<void> put_cursor(Session& session, const SourceId& source, std::string_view name,
                        std::string_view value) {
  std::int64_t number = 0;
  {
    auto rows = session.db.select(Queries::cursor_number, source, name);
    number = rows.next() ? rows.integer(0) : ++session.numbers.cursor;
    if (rows.failed()) return rows.error(where);
  }
  const auto hidden = session.envelope.seal(sealed::cursor_value, number, value);
  const auto set = session.db.change(Queries::set_cursor, number, source, name, Blob{hidden});
  if (!set) return set.error();
  return {};
}

Result<void> put_facts(Session& session, const std::string& id, const NewFacts& facts) {
  const auto number = ++session.numbers.facts;
  const auto history = session.envelope.seal(sealed::facts_history, number, facts.history);
  const auto body = session.envelope.seal(sealed::facts_body, number, facts.body);
  const auto added = session.db.change(Queries::add_facts, number, id, facts.referral,
                                       facts.media_type, facts.at, Blob{history}, Blob{body});
  if (!added) return added.error();
  return {};
}

Result<void> end_alert(Session& session, std::string_view alert_id, std::string_view by,
                       const Changes& changes) {
  const auto ended = session.db.change(Queries::acknowledge_alert, alert_id, session.clock(), by);
  if (!ended) return ended.error();
  if (*ended == 0) return Error{ErrorCode::not_found, where, "no such open alert"};
  return apply_changes(session, changes);
}

}  // namespace meridian::store
