// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "fhir/write/write_records.h"
#include "fhir/write/write_values.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view terminology = "http://terminology.hl7.org/CodeSystem/";

std::string system_of(std::string_view name) {
  return std::string(terminology) + std::string(name);
}

/// value[x] of an Observation or of one of its components.
void write_value(JsonOut& out, const Quantity& quantity, const Concept& coded,
                 const std::string& text) {
  if (!coded.empty()) {
    out.concept_of("valueCodeableConcept", coded);
  } else if (!text.empty()) {
    out.text("valueString", text);
  } else {
    write_quantity(out, "valueQuantity", quantity);
  }
}

}  // namespace

void write(JsonOut& out, const Encounter& encounter) {
  begin_resource(out, "Encounter", encounter);
  out.text("status", encounter.status);
  if (!encounter.class_code.code.empty()) out.coding("class", encounter.class_code);
  write_concepts(out, "type", encounter.types);
  write_reference(out, "subject", encounter.subject);
  out.list("participant");
  for (const auto& person : encounter.participants) {
    out.object();
    write_reference(out, "individual", person);
    out.end();
  }
  out.end();
  write_period(out, "period", encounter.period);
  write_concepts(out, "reasonCode", encounter.reason_codes);
  write_references(out, "reasonReference", encounter.reason_references);
  out.list("diagnosis");
  for (const auto& condition : encounter.diagnoses) {
    out.object();
    write_reference(out, "condition", condition);
    out.end();
  }
  out.end();
  write_reference(out, "serviceProvider", encounter.service_provider);
  out.end();
}

void write(JsonOut& out, const Condition& condition) {
  begin_resource(out, "Condition", condition);
  write_status(out, "clinicalStatus", system_of("condition-clinical"), condition.clinical_status);
  write_status(out, "verificationStatus", system_of("condition-ver-status"),
               condition.verification_status);
  write_concepts(out, "category", condition.categories);
  out.concept_of("severity", condition.severity).concept_of("code", condition.code);
  write_concepts(out, "bodySite", condition.body_sites);
  write_reference(out, "subject", condition.subject);
  write_reference(out, "encounter", condition.encounter);
  out.text("onsetDateTime", condition.onset.text);
  if (condition.onset.empty()) out.text("onsetString", condition.onset_text);
  out.text("abatementDateTime", condition.abatement.text);
  out.text("recordedDate", condition.recorded.text).end();
}

void write(JsonOut& out, const Observation& observation) {
  begin_resource(out, "Observation", observation);
  write_references(out, "basedOn", observation.based_on);
  out.text("status", observation.status);
  write_concepts(out, "category", observation.categories);
  out.concept_of("code", observation.code);
  write_reference(out, "subject", observation.subject);
  write_reference(out, "encounter", observation.encounter);
  out.text("effectiveDateTime", observation.effective.text);
  if (observation.boolean) {
    out.raw("valueBoolean", *observation.boolean ? "true" : "false");
  } else {
    write_value(out, observation.quantity, observation.concept_value, observation.text.reveal());
  }
  out.concept_of("dataAbsentReason", observation.data_absent_reason);
  write_concepts(out, "interpretation", observation.interpretations);
  out.concept_of("bodySite", observation.body_site);
  write_references(out, "hasMember", observation.members);
  write_references(out, "derivedFrom", observation.derived_from);
  out.list("component");
  for (const auto& part : observation.components) {
    out.object().concept_of("code", part.code);
    write_value(out, part.quantity, part.concept_value, part.text);
    out.end();
  }
  out.end().end();
}

void write(JsonOut& out, const Procedure& procedure) {
  begin_resource(out, "Procedure", procedure);
  write_references(out, "basedOn", procedure.based_on);
  out.text("status", procedure.status).concept_of("statusReason", procedure.status_reason);
  out.concept_of("category", procedure.category).concept_of("code", procedure.code);
  write_reference(out, "subject", procedure.subject);
  write_reference(out, "encounter", procedure.encounter);
  if (procedure.performed.start.text == procedure.performed.end.text) {
    out.text("performedDateTime", procedure.performed.start.text);
  } else {
    write_period(out, "performedPeriod", procedure.performed);
  }
  out.list("performer");
  for (const auto& person : procedure.performers) {
    out.object();
    write_reference(out, "actor", person);
    out.end();
  }
  out.end();
  write_concepts(out, "reasonCode", procedure.reason_codes);
  write_references(out, "reasonReference", procedure.reason_references);
  write_concepts(out, "bodySite", procedure.body_sites);
  out.end();
}

void write(JsonOut& out, const Medication& medication) {
  begin_resource(out, medication.is_statement ? "MedicationStatement" : "MedicationRequest",
                 medication);
  out.text("status", medication.status).text("intent", medication.intent);
  out.concept_of("medicationCodeableConcept", medication.code);
  write_reference(out, "subject", medication.subject);
  if (medication.is_statement) {
    write_reference(out, "context", medication.encounter);
    write_period(out, "effectivePeriod", medication.effective);
    out.text("dateAsserted", medication.authored.text);
  } else {
    write_reference(out, "encounter", medication.encounter);
    out.text("authoredOn", medication.authored.text);
  }
  write_concepts(out, "reasonCode", medication.reason_codes);
  write_references(out, "reasonReference", medication.reason_references);
  if (!medication.is_statement) {
    out.object("dispenseRequest");
    write_period(out, "validityPeriod", medication.effective);
    if (medication.days_supply) {
      write_quantity(
          out, "expectedSupplyDuration",
          {std::to_string(*medication.days_supply), "d", "d", "http://unitsofmeasure.org", ""});
    }
    out.end();
  }
  out.end();
}

void write(JsonOut& out, const AllergyIntolerance& allergy) {
  begin_resource(out, "AllergyIntolerance", allergy);
  write_status(out, "clinicalStatus", system_of("allergyintolerance-clinical"),
               allergy.clinical_status);
  write_status(out, "verificationStatus", system_of("allergyintolerance-verification"),
               allergy.verification_status);
  out.list("category");
  for (const auto& category : allergy.categories) out.element(category);
  out.end().text("criticality", allergy.criticality).concept_of("code", allergy.code);
  write_reference(out, "patient", allergy.patient);
  out.text("onsetDateTime", allergy.onset.text).end();
}

void write(JsonOut& out, const ImagingReport& report) {
  if (report.is_study) return;
  begin_resource(out, "DiagnosticReport", report);
  write_references(out, "basedOn", report.based_on);
  out.text("status", report.status);
  write_concepts(out, "category", report.categories);
  out.concept_of("code", report.code);
  write_reference(out, "subject", report.subject);
  write_reference(out, "encounter", report.encounter);
  out.text("effectiveDateTime", report.effective.text).text("issued", report.issued.text);
  write_references(out, "result", report.results);
  out.text("conclusion", report.conclusion.reveal());
  write_concepts(out, "conclusionCode", report.conclusion_codes);
  if (!report.narrative.reveal().empty()) {
    out.list("presentedForm").object().text("contentType", "text/plain; charset=utf-8");
    out.text("data", encode_base64(report.narrative.reveal())).end().end();
  }
  out.end();
}

void write(JsonOut& out, const Document& document) {
  begin_resource(out, "DocumentReference", document);
  out.text("status", document.status).text("docStatus", document.doc_status);
  out.concept_of("type", document.type);
  write_concepts(out, "category", document.categories);
  write_reference(out, "subject", document.subject);
  if (document.date.precision == Precision::instant) out.text("date", document.date.text);
  out.list("content");
  for (const auto& each : document.content) {
    out.object().object("attachment").text("contentType", each.content_type);
    out.text("data", encode_base64(each.data)).text("url", each.url).text("title", each.title);
    out.end().end();
  }
  out.end().object("context");
  write_references(out, "related", document.related);
  out.end().end();
}

}  // namespace meridian::fhir
