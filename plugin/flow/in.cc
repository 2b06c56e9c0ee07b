// SPDX-License-Identifier: Apache-2.0
#include "flow/in.h"

#include "base/log.h"
#include "flow/intake.h"
#include "flow/traces.h"
#include "report/outcome.h"

namespace meridian::flow {
namespace {

store::NewMessage message_of(const Envelope& envelope) {
  store::NewMessage message;
  message.id = MessageId(new_ulid());
  message.source = envelope.source;
  message.sender_id = envelope.sender_id;
  message.media_type = envelope.media_type;
  message.body = envelope.bytes;
  message.repeat_of = envelope.repeat_of;
  message.received_at = envelope.received_at;
  return message;
}

bool is_fatal(const Issues& issues) {
  for (const auto& issue : issues) {
    if (issue.severity == Severity::fatal) return true;
  }
  return false;
}

/// What the message's own faults are told with what is illegal in it. `said_again`: an illegal word
/// that is sent again is only a warning, so that a sender that waits for a yes goes on.
Issues with_refusals(Issues issues, const Issues& illegal, bool said_again) {
  for (const auto& issue : illegal) {
    issues.push_back(issue);
    if (said_again) issues.back().severity = Severity::warning;
  }
  return issues;
}

/// Another message changed the same referral between our look and our commit.
bool is_crossing(const Error& error) {
  return error.code == ErrorCode::stale || error.code == ErrorCode::conflict;
}

}  // namespace

Result<std::string> In::submit(Envelope envelope) {
  const auto* reader = core_.peers.reader_for(envelope.media_type);
  if (reader == nullptr) {
    return Error{ErrorCode::unsupported, "in", "no reader takes this media type"};
  }
  auto records = observed(core_.stages, Stage::parse, [&] { return reader->read(envelope); });
  if (!records) {
    const auto& row = error_row(records.error().code);
    return quarantine(envelope, {{Severity::fatal, std::string(row.fhir_issue), "",
                                  std::string(records.error().what.view()) + " (" +
                                      std::to_string(records.error().detail) + ")"}});
  }
  if (is_fatal(records->issues)) return quarantine(envelope, std::move(records->issues));
  return commit(envelope, *records);
}

Result<std::string> In::quarantine(const Envelope& envelope, Issues issues) {
  auto message = message_of(envelope);
  message.quarantined = true;
  message.issues = issues;
  issues.push_back(
      {Severity::information, "informational", "", "kept in quarantine as " + message.id.str()});
  message.answer = report::outcome(issues);
  const auto accepted = core_.store.accept(message, {});
  if (!accepted) return accepted.error();
  log(LogLevel::warning, "quarantined",
      {{"source", envelope.source}, {"message", accepted->id}, {"bytes", envelope.bytes.size()}});
  return accepted->answer;
}

Result<std::string> In::commit(const Envelope& envelope, const RecordSet& records) {
  constexpr int tries = 8;
  auto message = message_of(envelope);
  Error last{ErrorCode::store_busy, "in", "other messages kept changing the same referral"};
  for (int i = 0; i < tries; ++i) {
    const auto noted = observed(core_.stages, Stage::map,
                                [&] { return note(core_, envelope, message.id, records); });
    if (!noted) return noted.error();
    const auto* changes = &noted->changes;
    message.issues = with_refusals(records.issues, noted->issues, false);
    message.answer = report::outcome(with_refusals(records.issues, noted->issues, true));
    const auto accepted = observed(core_.stages, Stage::commit,
                                   [&] { return core_.store.accept(message, *changes); });
    if (accepted) {
      for (const auto& work : changes->works) remember_trace(work.referral);
      for (const auto& delivery : changes->deliveries) remember_trace(delivery.referral);
      log(LogLevel::info, accepted->repeat ? Literal("repeat") : Literal("accepted"),
          {{"source", envelope.source},
           {"message", accepted->id},
           {"referrals", changes->referrals.size()}});
      core_.wake_for(*changes);
      if (accepted->repeat || noted->issues.empty()) return accepted->answer;
      return report::outcome(message.issues);
    }
    if (!is_crossing(accepted.error())) return accepted.error();
    last = accepted.error();
  }
  return last;
}

Result<std::string> In::cursor(const SourceId& source, std::string_view name) {
  return core_.store.cursor(source, name);
}

Result<void> In::set_cursor(const SourceId& source, std::string_view name, std::string_view value) {
  return core_.store.set_cursor(source, name, value);
}

/// A lease of its own makes reading and writing one step, on all nodes.
Result<void> In::change_cursor(const SourceId& source, std::string_view name,
                               std::string_view before, std::string_view value) {
  constexpr std::chrono::milliseconds at_most{10'000};
  constexpr std::chrono::milliseconds no_longer{0};
  const auto lease = "cursor|" + source.str() + "|" + std::string(name);
  const auto owner = new_ulid();
  const auto mine = core_.store.hold_lease(lease, owner, at_most);
  if (!mine) return mine.error();
  if (!*mine) return Error{ErrorCode::store_busy, "cursor", "somebody else changes it now"};
  const auto there = core_.store.cursor(source, name);
  auto done = there ? Result<void>() : Result<void>(there.error());
  if (there && *there != before) {
    done = Error{ErrorCode::stale, "cursor", "it was changed meanwhile"};
  } else if (there) {
    done = core_.store.set_cursor(source, name, value);
  }
  const auto given_back = core_.store.hold_lease(lease, owner, no_longer);
  if (!given_back && done) return given_back.error();
  return done;
}

Result<bool> In::knows(const SourceId& source, std::string_view sender_id) {
  return core_.store.has_message(source, sender_id);
}

/// The lease outlives a round, and a node that ended is replaced after it.
Result<bool> In::may_poll(const SourceId& source, std::chrono::milliseconds interval) {
  const auto& settings = core_.settings;
  return core_.store.hold_lease("poll|" + source.str(), settings.node, settings.lease + interval);
}

}  // namespace meridian::flow
