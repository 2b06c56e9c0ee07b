// SPDX-License-Identifier: Apache-2.0
// SCH and the resources of an appointment: SIU messages.
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

std::string status_of(Context& context, const Segment& sch) {
  const auto by_event = context.translate("v2-appointment-event", "0003", context.event);
  if (by_event && *by_event != "booked") return *by_event;
  auto by_field = context.translated("v2-appointment-status", "0278", sch, 25);
  if (!by_field.empty()) return by_field;
  return by_event.value_or("");
}

void add_order(const Context& context, const Part& number, Appointment& appointment) {
  const auto known = number_of(context, number);
  if (known.empty()) return;
  Reference order;
  order.written = order.target = "ServiceRequest/" + known;
  order.identifier = entity_of(context, number);
  appointment.based_on.push_back(std::move(order));
}

}  // namespace

void read_sch(Context& context, const Segment& sch) {
  Appointment appointment;
  auto number = hidden_number_of(context, sch.field(2));
  if (number.empty()) number = hidden_number_of(context, sch.field(1));
  context.begin(appointment, sch,
                number.empty() ? context.ref_of("Appointment", sch) : "Appointment/" + number);
  const struct {
    std::size_t field;
    const char* type;
  } numbers[] = {{1, "PLAC"}, {2, "FILL"}};
  for (const auto& [field, type] : numbers) {
    auto identifier = entity_of(context, sch.field(field));
    identifier.type = type;
    if (!identifier.value.reveal().empty()) appointment.identifiers.push_back(identifier);
  }
  appointment.status = status_of(context, sch);
  auto reason = concept_of(context, sch.field(7));
  if (appointment.status == "cancelled") appointment.cancelation_reason = reason;
  if (auto type = concept_of(context, sch.field(8)); !type.empty()) {
    appointment.service_types.push_back(std::move(type));
  }
  appointment.start = date_of(context, sch, 11, 4);  // to v2.4; later TQ1
  appointment.end = date_of(context, sch, 11, 5);
  add_order(context, sch.field(26), appointment);
  add_order(context, sch.field(27), appointment);
  context.appointment = context.out.appointments.size();
  context.out.appointments.push_back(std::move(appointment));
}

void read_ais(Context& context, const Segment& ais) {
  if (!context.appointment) return;
  auto& appointment = context.out.appointments[*context.appointment];
  if (ais.name() == "AIS") {
    if (auto type = concept_of(context, ais.field(3)); !type.empty()) {
      appointment.service_types.push_back(std::move(type));
    }
    if (appointment.start.empty()) appointment.start = date_of(context, ais, 4);
  }
  if (ais.name() == "AIP") {
    auto person = person_of(context, ais.field(3));
    if (!person.empty() || !person.display.empty()) {
      appointment.participants.push_back(std::move(person));
    }
  }
}

}  // namespace meridian::hl7v2
