// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

/// The repetition of a patient identifier list that names the record: the medical record number
/// (type MR, table 0203), else the first.
Part record_number(const Part& list) {
  Part first;
  for (const auto& one : list.each()) {
    if (one.component(1).value().empty()) continue;
    if (one.component(5).value() == "MR") return one;
    if (first.empty()) first = one;
  }
  return first;
}

void add_identifiers(const Context& context, const Part& list, Patient& patient) {
  for (const auto& one : list.each()) {
    auto identifier = identifier_of(context, one);
    if (!identifier.value.reveal().empty()) patient.identifiers.push_back(std::move(identifier));
  }
}

std::string patient_ref(const Context& context, const Part& number, const Segment& segment) {
  auto known = patient_number(context, number);
  return known.empty() ? context.ref_of("Patient", segment) : "Patient/" + known;
}

void read_names(const Context& context, const Part& field, std::vector<HumanName>& into) {
  for (const auto& one : field.each()) {
    if (one.has_value()) into.push_back(name_of(context, one));
  }
}

void read_contacts(const Context& context, const Part& field, std::vector<ContactPoint>& into) {
  for (const auto& one : field.each()) {
    if (one.has_value()) into.push_back(contact_of(context, one));
  }
}

void read_addresses(const Part& field, std::vector<Address>& into) {
  for (const auto& one : field.each()) {
    if (one.has_value()) into.push_back(address_of(one));
  }
}

void read_demographics(Context& context, const Segment& pid, Patient& patient) {
  read_names(context, pid.field(5), patient.names);
  read_addresses(pid.field(11), patient.addresses);
  read_contacts(context, pid.field(13), patient.telecom);
  read_contacts(context, pid.field(14), patient.telecom);
  patient.birth_date.reveal() = day_of(context, pid, 7);
  patient.gender = context.translated("v2-administrative-sex", "0001", pid, 8);
  patient.languages = concepts_of(context, pid.field(15));
  patient.deceased = pid.field(29).has_value() || pid.field(30).value() == "Y";
}

/// The ref of a person or organisation of PRD: by its identifier, else by its place in the message.
std::string provider_ref(const Context& context, const Segment& prd) {
  const auto number = hidden_number_of(context, prd.field(7));
  return number.empty() ? context.ref_of("Practitioner", prd) : "Practitioner/" + number;
}

}  // namespace

void read_pid(Context& context, const Segment& pid) {
  Part list = pid.field(3);
  if (record_number(list).empty()) list = pid.field(2);  // to v2.3
  Patient patient;
  const auto number = record_number(list);
  context.begin(patient, pid, patient_ref(context, number, pid));
  add_identifiers(context, list, patient);
  if (number.empty()) {
    context.note(Severity::error, "required", pid.path(3),
                 "no patient identifier; the records cannot be joined with others of the patient");
  }
  read_demographics(context, pid, patient);
  context.patient = {};
  context.patient.written = context.patient.target = patient.ref;
  context.encounter = {};
  context.order = {};
  context.diagnoses.clear();
  context.out.patients.push_back(std::move(patient));
}

void read_mrg(Context& context, const Segment& mrg) {
  if (!context.event_is("merge")) return;
  const auto number = record_number(mrg.field(1));
  if (number.empty() || context.patient.empty()) {
    return context.note(Severity::error, "required", mrg.path(1),
                        "a merge that does not name both patients; expected PID-3 and MRG-1");
  }
  Patient old;
  context.begin(old, mrg, patient_ref(context, number, mrg));
  add_identifiers(context, mrg.field(1), old);
  if (old.ref == context.patient.target) {
    return context.note(Severity::error, "business-rule", mrg.path(1),
                        "the patient is merged with itself");
  }
  old.active = false;
  old.replaced_by.push_back(context.patient);
  context.out.patients.push_back(std::move(old));
}

void read_prd(Context& context, const Segment& prd) {
  Practitioner practitioner;
  context.begin(practitioner, prd, provider_ref(context, prd));
  read_names(context, prd.field(2), practitioner.names);
  read_contacts(context, prd.field(5), practitioner.telecom);
  for (const auto& one : prd.field(7).each()) {
    Identifier identifier;
    identifier.value = Sensitive<std::string>(one.component(1).value());
    identifier.type = one.component(2).value();
    if (identifier.type == "NPI") identifier.system = "http://hl7.org/fhir/sid/us-npi";
    if (!identifier.value.reveal().empty()) practitioner.identifiers.push_back(identifier);
  }
  if (prd.field(1).value().empty()) {
    context.note(Severity::error, "required", prd.path(1),
                 "no provider role; expected RP (refers) or RT (is referred to)");
  }
  context.out.practitioners.push_back(std::move(practitioner));
}

}  // namespace meridian::hl7v2
