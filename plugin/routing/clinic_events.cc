// SPDX-License-Identifier: Apache-2.0
#include "routing/clinic_events.h"

#include <algorithm>
#include <string_view>

#include "model/appointments.h"

namespace meridian::routing {
namespace {

constexpr std::string_view status_map = "clinic-status";
constexpr std::string_view own_states =
    "http://meridian-referral.org/fhir/CodeSystem/referral-state";

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// By a code of its system, ours first since it says most; else by the words of code or text: a
/// peer may leave the system out.
std::optional<EventKind> word_of(const Concept& status, const Terminology& terminology) {
  const auto by_term = [&](const std::string& words) {
    return terminology.translate(status_map,
                                 Coding{std::string(term_system), normalized_term(words), {}});
  };
  std::optional<std::string> word;
  for (const auto& coding : status.codings) {
    if (!word && coding.system == own_states) word = terminology.translate(status_map, coding);
  }
  if (!word) word = terminology.translate(status_map, status);
  for (const auto& coding : status.codings) {
    if (!word) word = by_term(coding.code);
  }
  if (!word && !status.text.empty()) word = by_term(status.text);
  return word ? event_named(*word) : std::nullopt;
}

/// What the appointments come to: one that stands, else the latest one.
std::optional<EventKind> by_appointments(const std::vector<Appointment>& appointments) {
  const auto* one = leading(appointments);
  if (one == nullptr) return std::nullopt;
  if (stands(*one)) return EventKind::clinic_scheduled;
  if (took_place(*one)) return EventKind::clinic_visited;
  if (one->status == "noshow") return EventKind::clinic_no_show;
  // A booking that was a mistake is none either.
  if (is_one_of(one->status, {"cancelled", "entered-in-error"})) {
    return EventKind::clinic_appointment_cancelled;
  }
  if (one->status == "waitlist") return EventKind::clinic_waitlisted;
  return std::nullopt;
}

/// A booking proves the acceptance, also where the Task does not say so yet.
std::optional<EventKind> by_change(const Task& task, const std::vector<Appointment>& appointments) {
  const bool goes_on =
      is_one_of(task.status, {"requested", "received", "ready", "accepted", "in-progress"});
  if (!goes_on || appointments.empty()) return std::nullopt;
  // A visit took place, also where the next one is booked.
  if (took_place(appointments.front())) return EventKind::clinic_visited;
  return by_appointments(appointments);
}

/// Of a Task that is accepted or under way.
EventKind under_way(std::optional<EventKind> word, const std::vector<Appointment>& appointments) {
  const auto booking = by_appointments(appointments);
  // What was written when it was booked may still stand there.
  const bool stale = word == EventKind::clinic_scheduled || word == EventKind::clinic_accepted;
  if (word && !(stale && booking)) return *word;
  return booking.value_or(EventKind::clinic_accepted);
}

}  // namespace

std::optional<EventKind> clinic_event(const Task& task,
                                      const std::vector<Appointment>& appointments,
                                      const Terminology& terminology, News news) {
  const std::string_view status = task.status;
  const auto word = word_of(task.business_status, terminology);
  const auto reason = word_of(task.status_reason, terminology);
  // A red flag is heard whatever else the Task says.
  for (const auto& said : {word, reason}) {
    if (said != EventKind::clinic_safety_return) continue;
    return news == News::task ? said : std::nullopt;
  }
  // A cancel that is asked for (BSeR 5.2) is the surgeon's word, read back.
  if (word == EventKind::revoked) return std::nullopt;
  if (news == News::appointment) return by_change(task, appointments);
  if (is_one_of(status, {"requested", "received", "ready"})) {
    const bool more = word == EventKind::clinic_opened || word == EventKind::clinic_asked ||
                      word == EventKind::clinic_waitlisted || word == EventKind::clinic_on_hold;
    return more ? word : EventKind::clinic_received;
  }
  if (is_one_of(status, {"accepted", "in-progress"})) return under_way(word, appointments);
  if (status == "on-hold") {
    // SDOH-CC asks its questions so.
    const bool asks = word == EventKind::clinic_asked || reason == EventKind::clinic_asked;
    const bool waits = word == EventKind::clinic_unreachable;
    return asks ? EventKind::clinic_asked : waits ? word : EventKind::clinic_on_hold;
  }
  if (is_one_of(status, {"rejected", "failed"})) return EventKind::clinic_declined;
  if (status == "completed") return EventKind::clinic_reported;
  if (is_one_of(status, {"cancelled", "entered-in-error"})) return EventKind::clinic_cancelled;
  return std::nullopt;
}

std::optional<EventKind> order_event(const ServiceRequest& order) {
  const std::string_view status = order.status;
  if (status == "active" || status == "completed") return EventKind::ordered;
  if (status == "on-hold") return EventKind::order_on_hold;
  if (status == "revoked") return EventKind::revoked;
  if (status == "entered-in-error") return EventKind::entered_in_error;
  return std::nullopt;
}

}  // namespace meridian::routing
