// SPDX-License-Identifier: Apache-2.0
#include "routing/standing.h"

#include <array>
#include <utility>

namespace meridian::routing {
namespace {

constexpr std::array<const char*, 16> state_names = {
    "noted",     "held",         "emergency", "emergency_known", "sending",   "undelivered",
    "delivered", "accepted",     "declined",  "scheduled",       "in_course", "reported",
    "closed",    "cancel_asked", "cancelled", "entered_in_error"};

struct EventRow {
  EventKind kind;
  const char* name;
  Actor actor;
};

/// In each actor's rows a later one is stronger when the sequences are equal.
constexpr std::array<EventRow, 25> event_rows = {{
    {EventKind::ordered, "ordered", Actor::surgeon},
    {EventKind::revoked, "revoked", Actor::surgeon},
    {EventKind::entered_in_error, "entered_in_error", Actor::surgeon},
    {EventKind::held, "held", Actor::engine},
    {EventKind::emergency, "emergency", Actor::engine},
    {EventKind::released, "released", Actor::engine},
    {EventKind::sent, "sent", Actor::engine},
    {EventKind::undelivered, "undelivered", Actor::engine},
    {EventKind::written_back, "written_back", Actor::engine},
    {EventKind::reopened, "reopened", Actor::engine},
    {EventKind::confirmed, "confirmed", Actor::engine},
    {EventKind::answered, "answered", Actor::surgeon},
    {EventKind::clinic_received, "clinic_received", Actor::clinic},
    {EventKind::clinic_accepted, "clinic_accepted", Actor::clinic},
    {EventKind::clinic_declined, "clinic_declined", Actor::clinic},
    {EventKind::clinic_scheduled, "clinic_scheduled", Actor::clinic},
    {EventKind::clinic_visited, "clinic_visited", Actor::clinic},
    {EventKind::clinic_reported, "clinic_reported", Actor::clinic},
    {EventKind::clinic_cancelled, "clinic_cancelled", Actor::clinic},
    {EventKind::alert_acknowledged, "alert_acknowledged", Actor::contact},
    {EventKind::signed_off, "signed_off", Actor::surgeon},
    {EventKind::patient_linked, "patient_linked", Actor::surgeon},
    {EventKind::patient_unlinked, "patient_unlinked", Actor::surgeon},
    {EventKind::return_released, "return_released", Actor::surgeon},
    {EventKind::return_dismissed, "return_dismissed", Actor::surgeon},
}};

/// The latest event of each actor.
struct Standing {
  std::optional<Event> surgeon;
  std::optional<Event> engine;
  std::optional<Event> clinic;
  bool acknowledged = false;
  bool was_sent = false;
  bool written_back = false;
};

void keep_latest(std::optional<Event>& latest, const Event& event) {
  if (!latest ||
      std::pair(latest->sequence, latest->kind) < std::pair(event.sequence, event.kind)) {
    latest = event;
  }
}

/// Says something beside the state; the next look draws the conclusion.
bool is_remark(EventKind kind) {
  switch (kind) {
    case EventKind::answered:
    case EventKind::reopened:
    case EventKind::confirmed:
    case EventKind::signed_off:
    case EventKind::patient_linked:
    case EventKind::patient_unlinked:
    case EventKind::return_released:
    case EventKind::return_dismissed:
      return true;
    default:
      return false;
  }
}

/// What is said of, or by, a receiver that the referral moved on from.
bool is_past(const Event& event, const std::string& offer) {
  const bool of_receiver = actor_of(event.kind) == Actor::clinic || event.kind == EventKind::sent ||
                           event.kind == EventKind::undelivered;
  return of_receiver && event.offer != offer;
}

Standing stand(const std::vector<Event>& events) {
  Standing standing;
  const auto offer = current_offer(events);
  for (const auto& event : events) {
    if (is_remark(event.kind) || is_past(event, offer)) continue;
    if (event.kind == EventKind::sent) standing.was_sent = true;
    if (event.kind == EventKind::written_back) {
      standing.written_back = true;
      continue;
    }
    switch (actor_of(event.kind)) {
      case Actor::surgeon:
        keep_latest(standing.surgeon, event);
        break;
      case Actor::engine:
        keep_latest(standing.engine, event);
        break;
      case Actor::clinic:
        keep_latest(standing.clinic, event);
        break;
      case Actor::contact:
        standing.acknowledged = true;
        break;
    }
  }
  return standing;
}

bool is(const std::optional<Event>& event, EventKind kind) {
  return event && event->kind == kind;
}

State by_engine(const Standing& standing) {
  if (!standing.engine) return State::noted;
  switch (standing.engine->kind) {
    case EventKind::held:
      return State::held;
    case EventKind::released:
      return State::sending;
    case EventKind::sent:
      return State::delivered;
    case EventKind::undelivered:
      return State::undelivered;
    default:
      return State::noted;
  }
}

State by_clinic(const Standing& standing) {
  switch (standing.clinic->kind) {
    case EventKind::clinic_accepted:
      return State::accepted;
    case EventKind::clinic_declined:
      return State::declined;
    case EventKind::clinic_scheduled:
      return State::scheduled;
    case EventKind::clinic_visited:
      return State::in_course;
    case EventKind::clinic_cancelled:
      return State::cancelled;
    default:
      return State::delivered;
  }
}

}  // namespace

const char* state_name(State state) {
  return state_names[static_cast<std::size_t>(state)];
}

const char* event_name(EventKind kind) {
  return event_rows[static_cast<std::size_t>(kind)].name;
}

std::optional<EventKind> event_named(std::string_view name) {
  for (const auto& row : event_rows) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

Actor actor_of(EventKind kind) {
  return event_rows[static_cast<std::size_t>(kind)].actor;
}

const char* actor_name(Actor actor) {
  constexpr const char* names[] = {"surgeon", "engine", "clinic", "contact"};
  return names[static_cast<int>(actor)];
}

std::string current_offer(const std::vector<Event>& events) {
  const Event* latest = nullptr;
  for (const auto& event : events) {
    if (event.kind != EventKind::released) continue;
    if (latest == nullptr || latest->sequence < event.sequence) latest = &event;
  }
  return latest == nullptr ? std::string() : latest->offer;
}

State fold(const std::vector<Event>& events) {
  const Standing now = stand(events);
  // Precedence between actors. A mistake outranks all; an outcome beats a cancel (BSeR TID 24);
  // an emergency outranks whatever the clinic has said so far.
  if (is(now.surgeon, EventKind::entered_in_error)) return State::entered_in_error;
  if (is(now.clinic, EventKind::clinic_reported)) {
    return now.written_back ? State::closed : State::reported;
  }
  if (is(now.engine, EventKind::emergency)) {
    return now.acknowledged ? State::emergency_known : State::emergency;
  }
  if (is(now.surgeon, EventKind::revoked)) {
    const bool confirmed = is(now.clinic, EventKind::clinic_cancelled);
    const bool clinic_has_it = now.was_sent || now.clinic;
    return clinic_has_it && !confirmed ? State::cancel_asked : State::cancelled;
  }
  return now.clinic ? by_clinic(now) : by_engine(now);
}

bool is_with_clinic(State state) {
  return state == State::delivered || state == State::accepted || state == State::scheduled ||
         state == State::in_course;
}

bool is_reopened(const std::vector<Event>& events) {
  std::optional<Event> latest;
  for (const auto& event : events) {
    const auto kind = event.kind;
    const bool decides = kind == EventKind::held || kind == EventKind::released ||
                         kind == EventKind::reopened || kind == EventKind::confirmed;
    if (decides) keep_latest(latest, event);
  }
  return is(latest, EventKind::reopened) && is_with_clinic(fold(events));
}

bool is_final(State state) {
  return state == State::closed || state == State::cancelled || state == State::entered_in_error;
}

Turn turn_of(State state, bool reopened) {
  if (reopened) return {"surgeon", "decision-reopened"};
  switch (state) {
    case State::noted:
      return {"engine", ""};
    case State::held:
      return {"surgeon", "letters-outstanding"};
    case State::emergency:
      return {"contact", "alerts"};
    case State::emergency_known:
      return {"surgeon", "emergencies-known"};
    case State::sending:
      return {"engine", ""};
    case State::undelivered:
      return {"surgeon", "undelivered"};
    case State::delivered:
      return {"clinic", "awaiting-clinic"};
    case State::accepted:
      return {"clinic", "awaiting-booking"};
    case State::declined:
      return {"surgeon", "declined"};
    case State::scheduled:
      return {"clinic", "awaiting-visit"};
    case State::in_course:
      return {"clinic", "in-course"};
    case State::reported:
      return {"engine", ""};
    case State::cancel_asked:
      return {"clinic", "cancel-to-confirm"};
    case State::closed:
    case State::cancelled:
    case State::entered_in_error:
      return {"nobody", ""};
  }
  return {"surgeon", "letters-outstanding"};
}

}  // namespace meridian::routing
