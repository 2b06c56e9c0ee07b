// SPDX-License-Identifier: Apache-2.0
#include "routing/clinic_events.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace meridian::routing {
namespace {

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool says(const Concept& status, std::initializer_list<std::string_view> codes) {
  return std::any_of(status.codings.begin(), status.codings.end(),
                     [&](const Coding& coding) { return is_one_of(coding.code, codes); });
}

bool has_booking(const std::vector<Appointment>& appointments) {
  return std::any_of(appointments.begin(), appointments.end(), [](const Appointment& appointment) {
    return is_one_of(appointment.status, {"booked", "arrived", "checked-in"});
  });
}

EventKind in_progress(const Task& task, const std::vector<Appointment>& appointments) {
  // BSeR 5.1.1 scheduled, 5.1.4 visit done (interim); COW visit-scheduled, visit-complete.
  if (says(task.business_status, {"5.1.4", "visit-complete", "preliminary-outcome"})) {
    return EventKind::clinic_visited;
  }
  if (says(task.business_status, {"5.1.1", "visit-scheduled", "service-booked"})) {
    return EventKind::clinic_scheduled;
  }
  return has_booking(appointments) ? EventKind::clinic_scheduled : EventKind::clinic_accepted;
}

}  // namespace

std::optional<EventKind> clinic_event(const Task& task,
                                      const std::vector<Appointment>& appointments) {
  const std::string_view status = task.status;
  if (is_one_of(status, {"requested", "received", "ready"})) return EventKind::clinic_received;
  if (status == "accepted") {
    return has_booking(appointments) ? EventKind::clinic_scheduled : EventKind::clinic_accepted;
  }
  if (is_one_of(status, {"in-progress", "on-hold"})) return in_progress(task, appointments);
  if (is_one_of(status, {"rejected", "failed"})) return EventKind::clinic_declined;
  if (status == "completed") return EventKind::clinic_reported;
  if (is_one_of(status, {"cancelled", "entered-in-error"})) return EventKind::clinic_cancelled;
  return std::nullopt;
}

std::optional<EventKind> order_event(const ServiceRequest& order) {
  const std::string_view status = order.status;
  if (status == "active" || status == "completed") return EventKind::ordered;
  if (status == "revoked") return EventKind::revoked;
  if (status == "entered-in-error") return EventKind::entered_in_error;
  return std::nullopt;
}

}  // namespace meridian::routing
