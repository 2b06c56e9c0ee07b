// SPDX-License-Identifier: Apache-2.0
#include "flow/past.h"

#include <algorithm>

#include "flow/identity.h"
#include "flow/patient_link.h"
#include "flow/recall.h"
#include "flow/statements.h"
#include "flow/stored_history.h"

namespace meridian::flow {
namespace {

/// Every message whose answers or visits were read then.
Result<bool> are_messages_kept(const Core& core, const Events& then) {
  for (const auto& event : then) {
    if (!brings_answers(event) && !brings_visits(event)) continue;
    const auto message = core.store.message(event.message);
    if (!message) return message.error();
    if (!*message || (*message)->body.empty()) return false;
  }
  return true;
}

}  // namespace

Events first_of(const Events& events, std::size_t count) {
  return {events.begin(),
          events.begin() + static_cast<std::ptrdiff_t>(std::min(count, events.size()))};
}

std::string patient_then(const store::ReferralRow& row, const Events& events, std::size_t count) {
  const auto source = row.source.str();
  if (const auto link = link_in(first_of(events, count), source)) return link->patient;
  for (std::size_t i = count; i < events.size(); ++i) {
    if (events[i].kind != routing::event_name(routing::EventKind::patient_linked)) continue;
    const auto statement = read_statement(events[i].detail);
    if (statement.text("at") == source) return statement.text("was");
  }
  return row.patient_ref;
}

Result<RecordSet> read_stored(const Core& core, const Envelope& envelope) {
  const auto* reader = core.peers.reader_for(envelope.media_type);
  if (reader == nullptr) return Error{ErrorCode::internal, "past", "no reader takes what is kept"};
  return reader->read(envelope);
}

Result<Past> past_of(const Core& core, const store::ReferralRow& row, const Events& events,
                     const Inputs& inputs) {
  Past past{row, {}, {}};
  const auto without = [&](const char* what) {
    past.missing = what;
    return std::move(past);
  };
  const auto stored = core.store.facts(inputs.facts);
  if (!stored) return stored.error();
  if (!*stored || (*stored)->body.empty()) return without("the gathered records");
  const auto then = first_of(events, inputs.events);
  const auto kept = are_messages_kept(core, then);
  if (!kept) return kept.error();
  if (!*kept) return without("a message that brought order, answers or visits");
  const auto& gathered = **stored;
  auto records =
      read_stored(core, {row.source, gathered.id, gathered.media_type, gathered.body, gathered.at});
  if (!records) return records.error();
  past.facts.id = gathered.id;
  past.facts.history = read_history(gathered.history);
  past.facts.records = std::move(*records);
  past.row.patient_ref = patient_then(row, events, inputs.events);
  const auto request = gather_request(core, past.row, then);
  if (!request) return request.error();
  if (auto known = know(core, past.row, then, *request, past.facts); !known) return known.error();
  if (inputs.recalled.empty()) return past;
  const auto whole = recall_unread(core, inputs.recalled, past.facts.history, past.facts.known);
  if (whole) return past;
  if (whole.error().code != ErrorCode::not_found) return whole.error();
  return without("the records of an earlier look");
}

}  // namespace meridian::flow
