// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/parameters.h"

#include <algorithm>

namespace meridian::sandbox {
namespace {

using enum ParameterKind;

constexpr Parameter table[] = {
    {"*", "_id", token, "id"},
    {"*", "_lastUpdated", date, "meta.lastUpdated"},
    {"*", "_tag", token, "meta.tag"},
    {"*", "_security", token, "meta.security"},
    {"*", "_profile", uri, "meta.profile"},
    {"*", "identifier", token, "identifier"},
    {"*", "status", token, "status"},

    {"Task", "patient", reference, "for"},
    {"Task", "subject", reference, "for"},
    {"Coverage", "patient", reference, "beneficiary"},
    {"Coverage", "beneficiary", reference, "beneficiary"},
    {"Appointment", "patient", reference, "participant.actor"},
    {"Appointment", "actor", reference, "participant.actor"},
    {"AllergyIntolerance|Consent|Immunization", "patient", reference, "patient"},
    {"*", "patient", reference, "subject|patient"},
    {"*", "subject", reference, "subject"},
    {"*", "encounter", reference, "encounter|context.encounter|context"},
    {"ImagingStudy", "basedon", reference, "basedOn"},
    {"*", "based-on", reference, "basedOn"},
    {"Task|Communication|Procedure", "part-of", reference, "partOf"},

    {"Coverage", "type", token, "type"},
    {"Encounter", "type", token, "type"},
    {"DocumentReference", "type", token, "type"},
    {"Organization", "type", token, "type"},
    {"Task", "code", token, "code"},
    {"MedicationRequest|MedicationStatement", "code", token, "medicationCodeableConcept"},
    {"MedicationRequest|MedicationStatement", "medication", reference, "medicationReference"},
    {"*", "code", token, "code"},
    {"*", "category", token, "category"},

    {"ServiceRequest", "requester", reference, "requester"},
    {"ServiceRequest", "performer", reference, "performer"},
    {"ServiceRequest", "intent", token, "intent"},
    {"ServiceRequest", "priority", token, "priority"},
    {"ServiceRequest", "authored", date, "authoredOn"},
    {"ServiceRequest", "occurrence", date, "occurrenceDateTime|occurrencePeriod"},
    {"ServiceRequest", "requisition", token, "requisition"},

    {"Task", "focus", reference, "focus"},
    {"Task", "owner", reference, "owner"},
    {"Task", "requester", reference, "requester"},
    {"Task", "intent", token, "intent"},
    {"Task", "priority", token, "priority"},
    {"Task", "business-status", token, "businessStatus"},
    {"Task", "group-identifier", token, "groupIdentifier"},
    {"Task", "authored-on", date, "authoredOn"},
    {"Task", "modified", date, "lastModified"},
    {"Task", "period", date, "executionPeriod"},

    {"Encounter", "class", token, "class"},
    {"Encounter", "date", date, "period"},
    {"Encounter", "reason-code", token, "reasonCode"},
    {"Condition", "clinical-status", token, "clinicalStatus"},
    {"Condition", "verification-status", token, "verificationStatus"},
    {"Condition", "onset-date", date, "onsetDateTime|onsetPeriod"},
    {"Condition", "recorded-date", date, "recordedDate"},
    {"Observation", "date", date, "effectiveDateTime|effectivePeriod|effectiveInstant"},
    {"DiagnosticReport", "date", date, "effectiveDateTime|effectivePeriod"},
    {"DiagnosticReport", "issued", date, "issued"},
    {"DiagnosticReport", "result", reference, "result"},
    {"ImagingStudy", "started", date, "started"},
    {"ImagingStudy", "modality", token, "modality|series.modality"},
    {"Procedure", "date", date, "performedDateTime|performedPeriod"},
    {"MedicationRequest", "intent", token, "intent"},
    {"MedicationRequest", "authoredon", date, "authoredOn"},
    {"MedicationStatement", "effective", date, "effectiveDateTime|effectivePeriod"},
    {"AllergyIntolerance", "clinical-status", token, "clinicalStatus"},
    {"Appointment", "date", date, "start"},
    {"QuestionnaireResponse", "authored", date, "authored"},
    {"QuestionnaireResponse", "questionnaire", uri, "questionnaire"},
    {"QuestionnaireResponse", "author", reference, "author"},
    {"QuestionnaireResponse", "source", reference, "source"},
    {"DocumentReference", "date", date, "date"},
    {"DocumentReference", "related", reference, "context.related"},
    {"DocumentReference", "author", reference, "author"},
    {"Communication", "sent", date, "sent"},
    {"Communication", "received", date, "received"},
    {"Communication", "sender", reference, "sender"},
    {"Communication", "recipient", reference, "recipient"},
    {"Coverage", "payor", reference, "payor"},
    {"Consent", "date", date, "dateTime"},
    {"Provenance", "target", reference, "target"},
    {"DetectedIssue", "implicated", reference, "implicated"},

    {"Patient|Practitioner", "family", string, "name.family"},
    {"Patient|Practitioner", "given", string, "name.given"},
    {"Patient|Practitioner", "name", string, "name.family|name.given|name.text"},
    {"Patient|Practitioner", "gender", token, "gender"},
    {"Patient", "birthdate", date, "birthDate"},
    {"Patient|Practitioner|PractitionerRole|Organization|HealthcareService", "active", token,
     "active"},
    {"Organization|Location|HealthcareService|Endpoint", "name", string, "name"},
    {"PractitionerRole", "practitioner", reference, "practitioner"},
    {"PractitionerRole|HealthcareService|Location|Endpoint", "organization", reference,
     "organization|providedBy|managingOrganization"},
    {"PractitionerRole|HealthcareService", "specialty", token, "specialty"},
};

constexpr std::string_view resource_types[] = {
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "Claim",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Coverage",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "Encounter",
    "Endpoint",
    "EpisodeOfCare",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "InsurancePlan",
    "Library",
    "List",
    "Location",
    "Measure",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "MessageHeader",
    "NutritionOrder",
    "Observation",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "RiskAssessment",
    "Schedule",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "StructureDefinition",
    "Subscription",
    "Substance",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "ValueSet",
    "VisionPrescription",
};
static_assert(std::ranges::is_sorted(resource_types));

/// Takes the part before `separator` off the front.
std::string_view take_part(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

void collect(const Json& at, std::string_view path, std::vector<const Json*>& out) {
  if (at.is_array()) {
    for (const auto& item : at.items()) collect(item, path, out);
    return;
  }
  if (at.is_null()) return;
  if (path.empty()) {
    out.push_back(&at);
    return;
  }
  const std::string_view name = take_part(path, '.');
  collect(at[name], path, out);
}

}  // namespace

std::span<const Parameter> all_parameters() {
  return table;
}

bool applies(const Parameter& parameter, std::string_view type) {
  if (parameter.types == "*") return true;
  for (std::string_view types = parameter.types; !types.empty();) {
    if (take_part(types, '|') == type) return true;
  }
  return false;
}

const Parameter* find_parameter(std::string_view type, std::string_view name) {
  for (const auto& parameter : table) {
    if (parameter.name == name && applies(parameter, type)) return &parameter;
  }
  return nullptr;
}

bool is_resource_type(std::string_view name) {
  return std::binary_search(std::begin(resource_types), std::end(resource_types), name);
}

std::vector<const Json*> values_at(const Json& resource, std::string_view paths) {
  std::vector<const Json*> out;
  while (!paths.empty()) collect(resource, take_part(paths, '|'), out);
  return out;
}

}  // namespace meridian::sandbox
