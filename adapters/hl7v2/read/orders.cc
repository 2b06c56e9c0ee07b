// SPDX-License-Identifier: Apache-2.0
// ORC and OBR: orders of ORM and OMG, answers of OSU, and the reports of ORU and MDM.
#include <utility>

#include "hl7v2/read/narrative.h"
#include "hl7v2/read/record_id.h"
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

bool carries_results(const Context& context) {
  return context.type == "ORU" || context.type == "MDM" || context.type == "OUL";
}

/// Placer and filler number; ORC-2 and OBR-2 (ORC-3 and OBR-3) mean the same.
Part order_number(const OpenOrder& order, std::size_t field) {
  if (order.orc && order.orc->field(field).has_value()) return order.orc->field(field);
  return order.obr ? order.obr->field(field) : Part();
}

void add_number(const Context& context, const Part& number, const char* type,
                std::vector<Identifier>& into) {
  auto identifier = entity_of(context, number);
  identifier.type = type;
  if (!identifier.value.reveal().empty()) into.push_back(std::move(identifier));
}

/// ServiceRequest.status from ORC-1, unless ORC-5 says more.
std::string order_status(Context& context, const Segment& orc) {
  const auto control = orc.field(1).value();
  const auto by_control = context.translate("v2-order-control", "0119", control);
  if (by_control && *by_control != "active") return *by_control;
  auto by_status = context.translated("v2-order-status", "0038", orc, 5);
  if (!by_status.empty()) return by_status;
  if (by_control) return *by_control;
  if (control != "SC" && control != "RE") {
    context.translated("v2-order-control", "0119", orc, 1);
  }
  return control.empty() ? "active" : "unknown";
}

/// OSU: the filler's word on an order. Source: referral by 360X, HL7 v2.5.1 chapter 4
void read_answer(Context& context, const Segment& orc) {
  Task task;
  const auto number = number_of(context, orc.field(2));
  context.begin(task, orc, number.empty() ? context.ref_of("Task", orc) : "Task/" + number);
  add_number(context, orc.field(2), "PLAC", task.identifiers);
  add_number(context, orc.field(3), "FILL", task.identifiers);
  const auto control = orc.field(1).value();
  const auto by_control = context.translate("v2-task-control", "0119", control);
  task.status = by_control ? *by_control : context.translated("v2-task-status", "0038", orc, 5);
  task.intent = "order";
  task.patient = context.patient;
  if (!number.empty()) task.focus.written = task.focus.target = "ServiceRequest/" + number;
  task.status_reason = concept_of(context, orc.field(16));
  task.last_modified = context.sent;
  context.task = context.out.tasks.size();
  context.out.tasks.push_back(std::move(task));
}

ServiceRequest& open_request(Context& context, const Segment& segment) {
  auto& order = context.order;
  if (!order.request) {
    ServiceRequest request;
    const auto placer = number_of(context, order_number(order, 2));
    const auto filler = number_of(context, order_number(order, 3));
    const auto number = placer.empty() ? filler : placer;
    context.begin(
        request, segment,
        number.empty() ? context.ref_of("ServiceRequest", segment) : "ServiceRequest/" + number);
    add_number(context, order_number(order, 2), "PLAC", request.identifiers);
    add_number(context, order_number(order, 3), "FILL", request.identifiers);
    request.intent = "order";
    request.status = "active";
    request.subject = context.patient;
    request.encounter = context.encounter;
    request.reason_references = context.diagnoses;
    request.authored = context.sent;
    order.request = context.out.service_requests.size();
    context.out.service_requests.push_back(std::move(request));
  }
  return context.out.service_requests[*order.request];
}

void read_requester(const Context& context, const Part& xcn, ServiceRequest& request) {
  if (!request.requester.display.empty() || !request.requester.empty()) return;
  request.requester = person_of(context, xcn);
}

/// Of a repeating TQ in ORC-7 and OBR-27 (to v2.4): component 6 is the priority.
void read_priority(Context& context, const Segment& segment, std::size_t field,
                   ServiceRequest& request) {
  if (segment.field(field).component(6).value().empty()) return;
  request.priority = context.translated("v2-priority", "0485", segment, field, 6);
}

/// ORC-9 is when the order was made; OBR-6 counts only without it.
bool order_time_said(const Context& context) {
  return context.order.orc && context.order.orc->field(9).has_value();
}

void order_of_obr(Context& context, const Segment& obr) {
  auto& request = open_request(context, obr);
  request.code = concept_of(context, obr.field(4));
  if (request.code.empty()) {
    context.note(Severity::warning, "required", obr.path(4), "an order for nothing");
  }
  if (auto section = table_concept(obr.field(24), "0074"); !section.empty()) {
    request.categories.push_back(std::move(section));
  }
  for (auto& reason : concepts_of(context, obr.field(31))) request.reason_codes.push_back(reason);
  read_requester(context, obr.field(16), request);
  read_priority(context, obr, 27, request);
  const auto requested = date_of(context, obr, 6);
  if (!order_time_said(context) && !requested.empty()) request.authored = requested;
}

/// A report is known by its filler number; the exams of one number by their code too.
std::string report_ref(const Context& context, const Segment& obr) {
  auto number = hidden_number_of(context, order_number(context.order, 3));
  if (number.empty()) number = hidden_number_of(context, order_number(context.order, 2));
  if (number.empty()) return context.ref_of("DiagnosticReport", obr);
  auto ref = "DiagnosticReport/" + number;
  for (const auto& report : context.out.imaging) {
    if (report.ref == ref) return "DiagnosticReport/" + record_id(number, obr.field(4).value());
  }
  return ref;
}

void report_of_obr(Context& context, const Segment& obr) {
  ImagingReport report;
  context.begin(report, obr, report_ref(context, obr));
  report.code = concept_of(context, obr.field(4));
  report.status = context.translated("v2-result-status", "0123", obr, 25);
  if (report.status.empty()) report.status = "unknown";
  if (auto section = table_concept(obr.field(24), "0074"); !section.empty()) {
    report.categories.push_back(std::move(section));
  }
  report.subject = context.patient;
  report.encounter = context.encounter;
  report.effective = date_of(context, obr, 7);
  report.issued = date_of(context, obr, 22);
  if (report.effective.empty()) report.effective = report.issued;
  const auto placer = number_of(context, order_number(context.order, 2));
  if (!placer.empty()) {
    Reference order;
    order.written = order.target = "ServiceRequest/" + placer;
    report.based_on.push_back(std::move(order));
  }
  context.section.clear();
  context.order.report = context.out.imaging.size();
  context.out.imaging.push_back(std::move(report));
}

/// The OBX that answers an OBR; nothing when the next thing is another segment.
std::optional<Segment> first_answer(const Message& message, const Segment& obr) {
  auto next = obr.index() + 1;
  while (next < message.size() && message[next].name() == "NTE") ++next;
  if (next >= message.size() || message[next].name() != "OBX") return std::nullopt;
  return message[next];
}

/// Prose that a referral brings along, such as a letter.
void prose_of_obr(Context& context, const Segment& obr) {
  Document document;
  const auto number = hidden_number_of(context, order_number(context.order, 3));
  context.begin(
      document, obr,
      number.empty() ? context.ref_of("DocumentReference", obr) : "DocumentReference/" + number);
  document.status = "current";
  document.type = concept_of(context, obr.field(4));
  document.subject = context.patient;
  document.date = date_of(context, obr, 7);
  context.document = context.out.documents.size();
  context.out.documents.push_back(std::move(document));
}

/// A referral's OBR: what it asks for, a report of imaging, prose, or the head of observations.
void part_of_referral(Context& context, const Segment& obr) {
  context.document.reset();
  context.section.clear();
  const auto answer = first_answer(context.message, obr);
  if (!answer) return;
  report_of_obr(context, obr);
  if (is_imaging(context, context.out.imaging.back())) return;
  context.out.imaging.pop_back();
  context.order.report.reset();
  const auto type = answer->field(2).value();
  if (type == "TX" || type == "FT") prose_of_obr(context, obr);
}

/// The order that ORC opened is none for a service after all; a referral may have come after it.
ServiceRequest take_back_request(Context& context) {
  auto& requests = context.out.service_requests;
  const auto at = *std::exchange(context.order.request, std::nullopt);
  auto request = std::move(requests[at]);
  requests.erase(requests.begin() + static_cast<std::ptrdiff_t>(at));
  if (context.referral && *context.referral > at) --*context.referral;
  return request;
}

}  // namespace

void read_orc(Context& context, const Segment& orc) {
  context.order = {};
  context.order.orc = orc;
  if (context.type == "OSU" || context.type == "ORR" || context.type == "ORG") {
    return read_answer(context, orc);
  }
  if (carries_results(context) || context.referral) return;
  auto& request = open_request(context, orc);
  request.status = order_status(context, orc);
  const auto entered = date_of(context, orc, 9);
  if (!entered.empty()) request.authored = entered;
  read_requester(context, orc.field(12), request);
  read_priority(context, orc, 7, request);
  const auto reason = orc.field(16);
  if (auto coded = concept_of(context, reason); !coded.empty() && request.status == "active") {
    request.reason_codes.push_back(std::move(coded));
  } else if (!reason.component(2).empty()) {
    request.notes.reveal().push_back(reason.component(2).text());
  }
}

void read_obr(Context& context, const Segment& obr) {
  auto& order = context.order;
  if (order.obr) {  // a second OBR without an ORC of its own
    order = {};
  }
  order.obr = obr;
  if (carries_results(context)) return report_of_obr(context, obr);
  if (context.type == "OSU" || context.type == "ORR" || context.type == "ORG") return;
  if (context.referral || context.type == "REF") return part_of_referral(context, obr);
  if (context.type == "RRI") return;
  order_of_obr(context, obr);
}

void read_tq1(Context& context, const Segment& tq1) {
  const auto start = date_of(context, tq1, 7);
  const auto end = date_of(context, tq1, 8);
  if (context.appointment) {
    auto& appointment = context.out.appointments[*context.appointment];
    if (!start.empty()) appointment.start = start;
    if (!end.empty()) appointment.end = end;
  }
  const auto index = context.order.request ? context.order.request : context.referral;
  if (!index) return;
  auto& request = context.out.service_requests[*index];
  request.occurrence = {start, end};
  if (!tq1.field(9).value().empty()) {
    request.priority = context.translated("v2-priority", "0485", tq1, 9);
  }
}

void read_rx(Context& context, const Segment& rx) {
  const std::size_t code = rx.name() == "RXE" ? 2 : 1;
  Medication medication;
  context.begin(medication, rx, context.ref_of("MedicationRequest", rx));
  medication.code = concept_of(context, rx.field(code));
  medication.status = "active";
  medication.intent = "order";
  medication.subject = context.patient;
  medication.encounter = context.encounter;
  if (context.order.request) {  // opened by ORC; what is ordered is a medicine
    const auto request = take_back_request(context);
    if (request.status == "revoked") medication.status = "cancelled";
    if (request.status == "completed" || request.status == "entered-in-error") {
      medication.status = request.status;
    }
    medication.authored = request.authored;
  }
  context.order.medication = context.out.medications.size();
  context.out.medications.push_back(std::move(medication));
}

void read_nte(Context& context, const Segment& nte) {
  const auto words = lines_of(nte.field(3));
  if (words.empty()) return;
  if (context.task) return context.out.tasks[*context.task].notes.reveal().push_back(words);
  const auto index = context.order.request ? context.order.request : context.referral;
  if (index) context.out.service_requests[*index].notes.reveal().push_back(words);
}

}  // namespace meridian::hl7v2
