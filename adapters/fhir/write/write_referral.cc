// SPDX-License-Identifier: Apache-2.0
#include "fhir/write/write_records.h"
#include "fhir/write/write_values.h"

namespace meridian::fhir {

void write(JsonOut& out, const ServiceRequest& order) {
  begin_resource(out, "ServiceRequest", order);
  write_identifiers(out, order.identifiers);
  write_references(out, "basedOn", order.based_on);
  write_references(out, "replaces", order.replaces);
  out.identifier("requisition", order.requisition.system, order.requisition.value.reveal(),
                 order.requisition.type);
  out.text("status", order.status).text("intent", order.intent);
  write_concepts(out, "category", order.categories);
  out.text("priority", order.priority);
  if (order.do_not_perform) out.raw("doNotPerform", "true");
  out.concept_of("code", order.code);
  write_concepts(out, "orderDetail", order.order_details);
  write_reference(out, "subject", order.subject);
  write_reference(out, "encounter", order.encounter);
  if (order.occurrence.start.text == order.occurrence.end.text) {
    out.text("occurrenceDateTime", order.occurrence.start.text);
  } else {
    write_period(out, "occurrencePeriod", order.occurrence);
  }
  out.text("authoredOn", order.authored.text);
  write_reference(out, "requester", order.requester);
  out.concept_of("performerType", order.performer_type);
  write_references(out, "performer", order.performers);
  write_references(out, "locationReference", order.locations);
  write_concepts(out, "reasonCode", order.reason_codes);
  write_references(out, "reasonReference", order.reason_references);
  write_references(out, "insurance", order.insurance);
  write_references(out, "supportingInfo", order.supporting_info);
  write_concepts(out, "bodySite", order.body_sites);
  write_notes(out, order.notes.reveal());
  out.end();
}

void write(JsonOut& out, const Task& task) {
  begin_resource(out, "Task", task);
  write_identifiers(out, task.identifiers);
  write_references(out, "basedOn", task.based_on);
  out.identifier("groupIdentifier", task.group_identifier.system,
                 task.group_identifier.value.reveal(), task.group_identifier.type);
  write_references(out, "partOf", task.part_of);
  out.text("status", task.status).concept_of("statusReason", task.status_reason);
  out.concept_of("businessStatus", task.business_status).text("intent", task.intent);
  out.text("priority", task.priority).concept_of("code", task.code);
  write_reference(out, "focus", task.focus);
  write_reference(out, "for", task.patient);
  write_period(out, "executionPeriod", task.execution);
  out.text("authoredOn", task.authored.text).text("lastModified", task.last_modified.text);
  write_reference(out, "requester", task.requester);
  write_reference(out, "owner", task.owner);
  write_notes(out, task.notes.reveal());
  out.list("output");
  for (const auto& each : task.outputs) {
    out.object().concept_of("type", each.type);
    write_reference(out, "valueReference", each.reference);
    out.text("valueString", each.text).end();
  }
  out.end().end();
}

void write(JsonOut& out, const Appointment& appointment) {
  begin_resource(out, "Appointment", appointment);
  write_identifiers(out, appointment.identifiers);
  out.text("status", appointment.status);
  out.concept_of("cancelationReason", appointment.cancelation_reason);
  write_concepts(out, "serviceType", appointment.service_types);
  if (appointment.start.precision == Precision::instant) out.text("start", appointment.start.text);
  if (appointment.end.precision == Precision::instant) out.text("end", appointment.end.text);
  out.text("comment", appointment.comment.reveal());
  write_references(out, "basedOn", appointment.based_on);
  out.list("participant");
  for (const auto& actor : appointment.participants) {
    out.object();
    write_reference(out, "actor", actor);
    out.end();
  }
  out.end().end();
}

}  // namespace meridian::fhir
