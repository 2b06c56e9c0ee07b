// SPDX-License-Identifier: Apache-2.0
#include "flow/recall.h"

#include <algorithm>

#include "routing/clinic_events.h"
#include "routing/standing.h"

namespace meridian::flow {
namespace {

bool brings_answers(const std::string& kind) {
  const auto event = routing::event_named(kind);
  return event == routing::EventKind::ordered || event == routing::EventKind::answered;
}

/// True when it was taken: it is new, or newer than the copy that is there.
template <typename T>
bool keep_newest(std::vector<T>& list, T record) {
  const auto known =
      std::find_if(list.begin(), list.end(), [&](const T& each) { return each.ref == record.ref; });
  if (known == list.end()) {
    list.push_back(std::move(record));
    return true;
  }
  if (routing::version_sequence(record) <= routing::version_sequence(*known)) return false;
  *known = std::move(record);
  return true;
}

/// The records of `patient` in `from`; a record without id is none that could be told from others.
template <typename T>
bool take(std::vector<T>& from, const std::string& patient, std::vector<T>& into) {
  bool taken = false;
  for (auto& record : from) {
    if (record.subject.target != patient) continue;
    taken = keep_newest(into, std::move(record)) || taken;
  }
  return taken;
}

Result<RecordSet> read_again(const Core& core, const MessageId& id) {
  const auto message = core.store.message(id);
  if (!message) return message.error();
  if (!*message) return RecordSet();
  const auto& row = **message;
  const auto* reader = core.peers.reader_for(row.media_type);
  if (reader == nullptr) return RecordSet();
  return reader->read({row.source, row.sender_id, row.media_type, row.body, row.received_at});
}

}  // namespace

Result<std::vector<std::string>> recall_answers(const Core& core, const store::ReferralRow& row,
                                                RecordSet& gathered) {
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  std::vector<MessageId> seen;
  std::vector<std::string> used;
  // Of two copies without a version the one that came later counts.
  for (auto event = events->rbegin(); event != events->rend(); ++event) {
    if (event->message.empty() || !brings_answers(event->kind)) continue;
    if (std::find(seen.begin(), seen.end(), event->message) != seen.end()) continue;
    seen.push_back(event->message);
    auto records = read_again(core, event->message);
    if (!records) return records.error();
    const bool responses =
        take(records->questionnaire_responses, row.patient_ref, gathered.questionnaire_responses);
    const bool findings = take(records->observations, row.patient_ref, gathered.observations);
    if (responses || findings) used.push_back(event->message.str());
  }
  return used;
}

}  // namespace meridian::flow
