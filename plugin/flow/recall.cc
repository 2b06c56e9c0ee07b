// SPDX-License-Identifier: Apache-2.0
#include "flow/recall.h"

#include <algorithm>
#include <utility>

#include "flow/aliases.h"
#include "flow/stored_history.h"
#include "model/latest.h"
#include "routing/standing.h"

namespace meridian::flow {
namespace {

/// True when it was taken: it is new, or newer than the copy that is there.
template <typename T>
bool keep_newest(std::vector<T>& list, T record) {
  const auto known =
      std::find_if(list.begin(), list.end(), [&](const T& each) { return each.ref == record.ref; });
  if (known == list.end()) {
    list.push_back(std::move(record));
    return true;
  }
  if (!is_later(record, *known)) return false;
  *known = std::move(record);
  return true;
}

/// The records of `patient`, who may be called `said` too; a record without id is none that could
/// be told from others.
template <typename T>
bool take(std::vector<T>& from, const std::string& patient, const std::string& said,
          std::vector<T>& into) {
  bool taken = false;
  for (auto& record : from) {
    auto& subject = record.subject.target;
    if (!said.empty() && subject == said) subject = patient;
    if (subject != patient) continue;
    taken = keep_newest(into, std::move(record)) || taken;
  }
  return taken;
}

/// Adds what is not there; of what is there the later version stays.
template <typename T>
void take_all(std::vector<T>& from, std::vector<T>& into) {
  for (auto& record : from) keep_newest(into, std::move(record));
}

void take_kind(const std::string& kind, RecordSet& from, RecordSet& into) {
  if (kind == "encounters") take_all(from.encounters, into.encounters);
  if (kind == "conditions") take_all(from.conditions, into.conditions);
  if (kind == "observations") take_all(from.observations, into.observations);
  if (kind == "imaging") take_all(from.imaging, into.imaging);
  if (kind == "procedures") take_all(from.procedures, into.procedures);
  if (kind == "medications") take_all(from.medications, into.medications);
  if (kind == "allergies") take_all(from.allergies, into.allergies);
  if (kind == "coverage") take_all(from.coverages, into.coverages);
  if (kind == "answers") take_all(from.questionnaire_responses, into.questionnaire_responses);
}

/// Kinds that the stored look read completely, and the new one did not.
std::vector<QueryResult*> unread_since(const store::FactsRow& look, History& history) {
  std::vector<QueryResult*> unread;
  const auto known = read_history(look.history);
  for (auto& query : history) {
    const bool was_read = completeness_of(known, query.kind) == Completeness::complete;
    if (was_read && query.completeness != Completeness::complete) unread.push_back(&query);
  }
  return unread;
}

Result<RecordSet> read_facts(const Core& core, const store::FactsRow& row) {
  const auto* reader = core.peers.reader_for(row.media_type);
  if (reader == nullptr) return Error{ErrorCode::internal, "recall", "no reader takes the facts"};
  return reader->read({{}, row.id, row.media_type, row.body, row.at});
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

/// Whom the message's Task of this referral is for, in the clinic's words; "" when it does not say.
std::string patient_at_clinic(const RecordSet& records, const ReferralId& id) {
  for (const auto& task : records.tasks) {
    const auto& numbers = task.identifiers;
    const bool ours =
        std::any_of(numbers.begin(), numbers.end(), [&](const Identifier& identifier) {
          return identifier.system == referral_system && identifier.value.reveal() == id.str();
        });
    if (ours || records.tasks.size() == 1) return task.patient.target;
  }
  return {};
}

/// Renamed, so that no record of the source has the same name.
template <typename T>
bool take_renamed(std::vector<T>& from, const std::string& clinic, std::vector<T>& into) {
  bool taken = false;
  for (auto& record : from) {
    record.ref += "@" + clinic;
    taken = keep_newest(into, std::move(record)) || taken;
  }
  return taken;
}

/// Only what is the patient's, who is called as at the source from here on.
template <typename T>
void keep_patient(std::vector<T>& records, const std::string& there, const std::string& patient) {
  std::erase_if(records, [&](const T& record) { return record.subject.target != there; });
  for (auto& record : records) record.subject.target = patient;
}

void keep_patient(std::vector<Appointment>& records, const std::string& there,
                  const std::string& patient) {
  const auto is_patient = [&](const Reference& each) { return each.target == there; };
  std::erase_if(records, [&](const Appointment& record) {
    return std::none_of(record.participants.begin(), record.participants.end(), is_patient);
  });
  for (auto& record : records) {
    for (auto& participant : record.participants) {
      if (is_patient(participant)) participant.target = patient;
    }
  }
}

}  // namespace

std::string answer_sequence(const Record& answer, const MessageId& message) {
  const auto version = version_sequence(answer);
  return answer.ref + "/" + (version.empty() ? message.str() : version);
}

bool brings_answers(const store::EventRow& event) {
  const auto kind = routing::event_named(event.kind);
  return !event.message.empty() &&
         (kind == routing::EventKind::ordered || kind == routing::EventKind::answered);
}

bool brings_visits(const store::EventRow& event) {
  const auto kind = routing::event_named(event.kind);
  return !event.message.empty() && kind && routing::actor_of(*kind) == routing::Actor::clinic;
}

Result<std::vector<std::string>> recall_answers(const Core& core, const store::ReferralRow& row,
                                                const std::vector<store::EventRow>& events,
                                                const GatherRequest& request, RecordSet& gathered) {
  const auto said = request.said ? request.said->patient : row.patient_ref;
  // Who asks has read the newest order.
  const auto* order = request.said ? &request.said->records : nullptr;
  std::vector<MessageId> seen;
  std::vector<std::string> used;
  // Of two copies without a version the one that came later counts.
  for (auto last = events.rbegin(); last != events.rend(); ++last) {
    const auto& event = *last;
    if (!brings_answers(event)) continue;
    if (std::find(seen.begin(), seen.end(), event.message) != seen.end()) continue;
    seen.push_back(event.message);
    const bool is_read = event.kind == routing::event_name(routing::EventKind::ordered) && order;
    auto records = is_read ? Result<RecordSet>(*std::exchange(order, nullptr))
                           : read_again(core, event.message);
    if (!records) return records.error();
    const bool responses = take(records->questionnaire_responses, row.patient_ref, said,
                                gathered.questionnaire_responses);
    const bool findings = take(records->observations, row.patient_ref, said, gathered.observations);
    if (responses || findings) used.push_back(event.message.str());
  }
  return used;
}

Result<std::vector<std::string>> recall_visits(const Core& core, const store::ReferralRow& row,
                                               const std::vector<store::EventRow>& events,
                                               RecordSet& known) {
  std::vector<MessageId> seen;
  std::vector<std::string> used;
  for (auto last = events.rbegin(); last != events.rend(); ++last) {
    const auto& event = *last;
    if (!brings_visits(event)) continue;
    if (std::find(seen.begin(), seen.end(), event.message) != seen.end()) continue;
    seen.push_back(event.message);
    const auto message = core.store.message(event.message);
    if (!message) return message.error();
    if (!*message) continue;
    auto records = read_again(core, event.message);
    if (!records) return records.error();
    const auto there = patient_at_clinic(*records, row.id);
    if (there.empty()) continue;
    const auto& clinic = (*message)->source.str();
    keep_patient(records->procedures, there, row.patient_ref);
    keep_patient(records->encounters, there, row.patient_ref);
    keep_patient(records->appointments, there, row.patient_ref);
    keep_patient(records->observations, there, row.patient_ref);
    const bool procedures = take_renamed(records->procedures, clinic, known.procedures);
    const bool encounters = take_renamed(records->encounters, clinic, known.encounters);
    const bool appointments = take_renamed(records->appointments, clinic, known.appointments);
    const bool observations = take_renamed(records->observations, clinic, known.observations);
    if (procedures || encounters || appointments || observations)
      used.push_back(event.message.str());
  }
  return used;
}

Result<bool> recall_unread(const Core& core, const std::vector<std::string>& looks,
                           History& history, RecordSet& known) {
  std::vector<QueryResult*> unread;
  for (const auto& look : looks) {
    const auto stored = core.store.facts(look);
    if (!stored) return stored.error();
    if (!*stored) return Error{ErrorCode::not_found, "recall", "the facts of the release are gone"};
    if (look == looks.front()) unread = unread_since(**stored, history);
    if (unread.empty()) return true;
    auto before = read_facts(core, **stored);
    if (!before) return before.error();
    for (const auto* query : unread) take_kind(query->kind, *before, known);
  }
  for (auto* query : unread) query->completeness = Completeness::complete;
  return unread.empty();
}

}  // namespace meridian::flow
