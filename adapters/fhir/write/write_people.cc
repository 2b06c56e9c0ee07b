// SPDX-License-Identifier: Apache-2.0
#include "fhir/write/write_records.h"
#include "fhir/write/write_values.h"

namespace meridian::fhir {

void write(JsonOut& out, const Patient& patient) {
  begin_resource(out, "Patient", patient);
  write_identifiers(out, patient.identifiers);
  if (!patient.active) out.raw("active", "false");
  write_names(out, patient.names);
  write_telecom(out, patient.telecom);
  out.text("gender", patient.gender).text("birthDate", patient.birth_date.reveal().text);
  if (patient.deceased) out.raw("deceasedBoolean", "true");
  write_addresses(out, patient.addresses);
  out.list("communication");
  for (const auto& language : patient.languages) {
    out.object().concept_of("language", language);
    const bool preferred = language.codings == patient.preferred_language.codings;
    if (preferred && !patient.preferred_language.empty()) out.raw("preferred", "true");
    out.end();
  }
  out.end();
  write_reference(out, "managingOrganization", patient.managing_organization);
  out.list("link");
  for (const auto& other : patient.replaced_by) {
    out.object();
    write_reference(out, "other", other);
    out.text("type", "replaced-by").end();
  }
  out.end().end();
}

void write(JsonOut& out, const Practitioner& practitioner) {
  begin_resource(out, "Practitioner", practitioner);
  write_identifiers(out, practitioner.identifiers);
  write_names(out, practitioner.names);
  write_telecom(out, practitioner.telecom);
  out.list("qualification");
  for (const auto& each : practitioner.qualifications) {
    out.object();
    write_identifiers(out, each.identifiers);
    out.concept_of("code", each.code);
    write_period(out, "period", each.period);
    write_reference(out, "issuer", each.issuer);
    out.end();
  }
  out.end();
  write_concepts(out, "communication", practitioner.languages);
  out.end();
}

void write(JsonOut& out, const Coverage& coverage) {
  begin_resource(out, "Coverage", coverage);
  out.text("status", coverage.status).concept_of("type", coverage.type);
  out.text("subscriberId", coverage.subscriber_id.reveal());
  write_reference(out, "beneficiary", coverage.beneficiary);
  write_period(out, "period", coverage.period);
  auto payors = coverage.payors;
  if (payors.empty() && !coverage.payor_name.empty()) payors.emplace_back();
  for (auto& payor : payors) {
    if (payor.display.empty()) payor.display = coverage.payor_name;
  }
  write_references(out, "payor", payors);
  out.text("network", coverage.network).end();
}

}  // namespace meridian::fhir
