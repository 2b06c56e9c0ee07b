// SPDX-License-Identifier: Apache-2.0
#include "model/appointments.h"

#include <tuple>

namespace meridian {

bool stands(const Appointment& appointment) {
  const auto& status = appointment.status;
  return status == "booked" || status == "arrived" || status == "checked-in";
}

bool took_place(const Appointment& appointment) {
  return appointment.status == "fulfilled";
}

const Appointment* leading(const std::vector<Appointment>& appointments) {
  const auto rank = [](const Appointment& one) {
    return std::tuple(stands(one), one.status != "entered-in-error", one.start.instant());
  };
  const Appointment* first = nullptr;
  for (const auto& one : appointments) {
    if (first == nullptr || rank(*first) <= rank(one)) first = &one;
  }
  return first;
}

}  // namespace meridian
