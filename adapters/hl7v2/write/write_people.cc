// SPDX-License-Identifier: Apache-2.0
// PID, PRD and IN1.
#include "hl7v2/write/rows.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view npi_system = "http://hl7.org/fhir/sid/us-npi";

template <typename List, typename Write>
std::string all_of(const Writing& writing, const List& list, Write write) {
  std::vector<std::string> parts;
  for (const auto& each : list) {
    if (auto part = write(each); !part.empty()) parts.push_back(std::move(part));
  }
  return writing.repetitions(parts);
}

/// PRD-7: number and type; the type says whose number it is.
std::string provider_numbers(const Writing& writing, const Practitioner& person) {
  return all_of(writing, person.identifiers, [&](const Identifier& identifier) {
    const bool npi = identifier.system == npi_system;
    return writing.components({writing.text(identifier.value.reveal()),
                               npi ? std::string("NPI") : writing.text(identifier.type)});
  });
}

}  // namespace

Row pid_of(const Writing& writing, const Patient& patient, Allowance& may) {
  Row pid{"PID"};
  pid.set(1, "1");
  const auto& ref = patient.ref;
  if (may(ref, "identifier")) {
    pid.set(3, all_of(writing, patient.identifiers,
                      [&](const Identifier& each) { return writing.number(each); }));
  }
  if (may(ref, "name")) {
    pid.set(5, all_of(writing, patient.names,
                      [&](const HumanName& each) { return writing.name(each); }));
  }
  if (may(ref, "birthDate")) pid.set(7, writing.date(patient.birth_date.reveal()));
  if (may(ref, "gender")) {
    pid.set(8, writing.code("v2-administrative-sex", "0001", patient.gender));
  }
  if (!patient.addresses.empty() && may(ref, "address")) {
    pid.set(11, all_of(writing, patient.addresses,
                       [&](const Address& each) { return writing.address(each); }));
  }
  if (!patient.telecom.empty() && may(ref, "telecom")) {
    pid.set(13, all_of(writing, patient.telecom,
                       [&](const ContactPoint& each) { return writing.contact(each); }));
  }
  if (!patient.languages.empty() && may(ref, "communication")) {
    pid.set(15, writing.coded(patient.languages.front()));
  }
  if (patient.deceased) pid.set(30, "Y");  // a modifier: it goes whatever the profile says
  return pid;
}

Row prd_of(const Writing& writing, const char* role, const Practitioner* person,
           const std::string& organization, Allowance& may) {
  const auto own = writing.code("", "0286", role);
  Row prd{"PRD"};
  prd.set(1, own.empty() ? role : own);
  if (person != nullptr) {
    const auto& ref = person->ref;
    if (may(ref, "name")) {
      prd.set(2, all_of(writing, person->names,
                        [&](const HumanName& each) { return writing.name(each); }));
    }
    if (!person->telecom.empty() && may(ref, "telecom")) {
      prd.set(5, all_of(writing, person->telecom,
                        [&](const ContactPoint& each) { return writing.contact(each); }));
    }
    if (!person->identifiers.empty() && may(ref, "identifier")) {
      prd.set(7, provider_numbers(writing, *person));
    }
  } else {
    prd.set(2, writing.text(organization));
  }
  if (writing.dialect.since("2.7")) prd.set(10, writing.text(organization));
  return prd;
}

Row in1_of(const Writing& writing, const Coverage& coverage, Allowance& may) {
  Row in1{"IN1"};
  const auto& ref = coverage.ref;
  if (may(ref, "type")) in1.set(2, writing.coded(coverage.type));
  if (may(ref, "payor")) in1.set(4, writing.text(coverage.payor_name));
  if (may(ref, "period")) {
    in1.set(12, writing.date(coverage.period.start)).set(13, writing.date(coverage.period.end));
  }
  if (may(ref, "subscriberId")) in1.set(36, writing.text(coverage.subscriber_id.reveal()));
  return in1;
}

}  // namespace meridian::hl7v2
