// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/record_id.h"
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

/// The visit number: PV1-19, else PV1-50. A visit without one is known by its message.
std::string visit_ref(const Context& context, const Segment& pv1) {
  for (const std::size_t field : {19U, 50U}) {
    const auto cx = pv1.field(field);
    const auto number = cx.component(1).value();
    if (number.empty()) continue;
    const auto hd = cx.component(4);
    const auto authority = authority_of(context, hd.subcomponent(1).value(),
                                        hd.subcomponent(2).value(), hd.subcomponent(3).value());
    return "Encounter/" +
           hidden_id(context.settings.name_key,
                     authority.written.empty() ? context.facility : authority.written, number);
  }
  return context.ref_of("Encounter", pv1);
}

/// When the event happened, for messages that do not repeat it in PV1: EVN-6, else EVN-2.
PartialDate event_time(Context& context) {
  const auto evn = context.message.find("EVN");
  if (!evn) return {};
  auto at = date_of(context, *evn, 6);
  return at.empty() ? date_of(context, *evn, 2) : at;
}

void read_period(Context& context, const Segment& pv1, Encounter& visit) {
  visit.period.start = date_of(context, pv1, 44);
  visit.period.end = date_of(context, pv1, 45);
  if (context.type != "ADT") return;
  const auto event = context.translate("v2-encounter-event", "0003", context.event);
  if (visit.period.start.empty() && (context.event == "A01" || context.event == "A04")) {
    visit.period.start = event_time(context);
  }
  if (event == "finished" && visit.period.end.empty()) visit.period.end = event_time(context);
  if (event == "in-progress") visit.period.end = {};
}

std::string status_of(const Context& context, const Encounter& visit) {
  if (context.type == "ADT") {
    if (auto status = context.translate("v2-encounter-event", "0003", context.event)) {
      return *status;
    }
  }
  if (!visit.period.end.empty()) return "finished";
  return visit.period.start.empty() ? "unknown" : "in-progress";
}

}  // namespace

void read_pv1(Context& context, const Segment& pv1) {
  const auto class_code = pv1.field(2).value();
  if (class_code == "N" || context.event_is("merge")) return;  // not applicable: no visit
  Encounter visit;
  context.begin(visit, pv1, visit_ref(context, pv1));
  visit.subject = context.patient;
  if (const auto actcode = context.translate("v2-patient-class", "0004", class_code)) {
    visit.class_code = {"http://terminology.hl7.org/CodeSystem/v3-ActCode", *actcode, {}};
  } else if (!class_code.empty()) {
    visit.class_code = {table_system("0004"), class_code, {}};
  }
  if (auto type = concept_of(context, pv1.field(4)); !type.empty()) {
    visit.types.push_back(std::move(type));
  }
  for (const std::size_t field : {7U, 8U, 9U, 17U}) {
    auto person = person_of(context, pv1.field(field));
    if (person.display.empty() && person.empty()) continue;
    visit.participants.push_back(std::move(person));
  }
  read_period(context, pv1, visit);
  visit.status = status_of(context, visit);
  visit.diagnoses = context.diagnoses;  // DG1 may stand before PV1
  context.encounter = {};
  context.encounter.written = context.encounter.target = visit.ref;
  context.out.encounters.push_back(std::move(visit));
}

void read_pv2(Context& context, const Segment& pv2) {
  if (context.encounter.empty() || context.out.encounters.empty()) return;
  auto reason = concept_of(context, pv2.field(3));
  if (!reason.empty()) context.out.encounters.back().reason_codes.push_back(std::move(reason));
}

}  // namespace meridian::hl7v2
