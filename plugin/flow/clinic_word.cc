// SPDX-License-Identifier: Apache-2.0
#include "flow/clinic_word.h"

#include <algorithm>
#include <cctype>

#include "flow/reflect_work.h"
#include "flow/stored_json.h"
#include "model/appointments.h"
#include "model/latest.h"
#include "pathway/charts.h"
#include "pathway/emergency.h"
#include "report/json.h"
#include "routing/clinic_events.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

/// Counted and shown beside rule ids, so that nothing else than a code may stand there.
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

std::string reason_detail(const Concept& reason) {
  if (reason.empty()) return "{}";
  const auto coded = std::find_if(reason.codings.begin(), reason.codings.end(),
                                  [](const Coding& coding) { return is_code(coding.code); });
  report::Json json;
  json.open();
  json.list("reasons", {coded == reason.codings.end() ? "in-words" : coded->code});
  json.close();
  return json.str();
}

}  // namespace

std::string priority_detail(const ServiceRequest& order) {
  const bool routine = order.priority.empty() || order.priority == "routine";
  return routine ? "{}" : one_text("priority", order.priority);
}

std::string word_detail(const Task& task, EventKind heard, const ClinicMessage& message) {
  if (heard == EventKind::clinic_declined || heard == EventKind::clinic_cancelled) {
    return reason_detail(task.status_reason);
  }
  const auto& appointments = message.records.appointments;
  const auto* next = leading(appointments);
  const auto* past = next;
  if (message.of_appointment && took_place(appointments.front())) past = &appointments.front();
  report::Json json;
  json.open();
  if (const auto at = next != nullptr && stands(*next) ? next->start.instant() : std::nullopt) {
    json.text("visit", to_string(*at));
  }
  if (heard == EventKind::clinic_visited && past != nullptr && took_place(*past)) {
    const auto at = past->start.instant();
    json.text("visited", at ? to_string(*at) : past->ref);
  }
  json.close();
  return json.str();
}

ClinicMessage clinic_message(const Envelope& envelope, const RecordSet& records, const Peer& peer) {
  ClinicMessage message{records, false, peer.reads_here};
  if (records.appointments.empty()) return message;
  const auto& resources = records.resources;
  message.of_appointment = peer.reads_here
                               ? !resources.empty() && resources.front().type == "Appointment"
                               : envelope.sender_id.starts_with("Appointment/");
  return message;
}

std::optional<EventKind> event_in(const Core& core, const Task& task,
                                  const ClinicMessage& message) {
  const auto& appointments = message.records.appointments;
  if (message.of_appointment) {
    auto event =
        routing::clinic_event(task, appointments, core.terminology, routing::News::appointment);
    if (event || !message.written_here) return event;
  }
  return routing::clinic_event(task, appointments, core.terminology);
}

std::string word_sequence(const Task& task, const ClinicMessage& message) {
  auto sequence = version_sequence(task);
  if (!message.of_appointment) return sequence;
  const auto& changed = message.records.appointments.front();
  const auto at = changed.last_updated.instant();
  return sequence + "+" +
         (at ? sortable(at->time_since_epoch().count()) : version_sequence(changed));
}

bool is_known(const Task& task, EventKind heard, const ClinicMessage& message,
              const Ledger& ledger) {
  if (!message.of_appointment || message.written_here) return false;
  const auto changed = message.records.appointments.front().last_updated.instant();
  const auto spoke = task.last_updated.instant();
  // What we sent says nothing of the clinic, however late it was written.
  if (changed && spoke && *changed < *spoke && task.status != "requested") return true;
  const auto detail = word_detail(task, heard, message);
  if (heard == EventKind::clinic_visited) return ledger.knows_visit(detail);
  return ledger.says(heard, detail);
}

std::vector<Flag> red_flags_in(const Core& core, const RecordSet& records) {
  for (const auto& chart : split_charts(records).charts) {
    auto flags = emergency_flags(chart, core.rules, core.terminology, core.clock());
    if (!flags.empty()) return flags;
  }
  return {};
}

std::optional<EventKind> heard_as(const Core& core, const RecordSet& records, const Task& task,
                                  EventKind event, const Ledger& ledger) {
  if (event == EventKind::clinic_cancelled && ledger.has(EventKind::entered_in_error)) {
    if (task.status_reason.text == recall_words) return std::nullopt;
    return EventKind::clinic_recalled;
  }
  // A course at a clinic; what a surgeon finds takes the surgeon's own way.
  const bool at_clinic = ledger.row().direction == "to_acupuncture";
  if (at_clinic && !red_flags_in(core, records).empty()) return EventKind::clinic_safety_return;
  return event;
}

}  // namespace meridian::flow
