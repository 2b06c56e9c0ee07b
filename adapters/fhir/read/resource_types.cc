// SPDX-License-Identifier: Apache-2.0
// The resource types by name. Source: http://hl7.org/fhir/R4/valueset-resource-types.html
#include <algorithm>
#include <iterator>

#include "fhir/read/fields.h"
#include "fhir/read/records.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {
namespace {

/// A message mostly has several records of a kind, and they are the biggest items of all.
template <typename T>
T& append_record(std::vector<T>& list) {
  return append_item(list, 8);
}
template <auto List>
Record* begin_record(RecordSet& into, Context&) {
  return &append_record(into.*List);
}
template <auto List>
void drop_record(RecordSet& into, Context&) {
  (into.*List).pop_back();
}
template <auto List>
constexpr Mapping mapping(std::string_view name, const Type& type) {
  return {name, &type, begin_record<List>, drop_record<List>, true};
}

Record* begin_study(RecordSet& into, Context&) {
  auto& study = append_record(into.imaging);
  study.is_study = true;
  return &study;
}
/// Its own code says that it is one, whatever the event's code says.
Record* begin_adverse_event(RecordSet& into, Context&) {
  auto& event = append_record(into.conditions);
  event.categories.push_back({{{"http://hl7.org/fhir/resource-types", "AdverseEvent", {}}}, {}});
  return &event;
}
Record* begin_statement(RecordSet& into, Context&) {
  auto& medication = append_record(into.medications);
  medication.is_statement = true;
  return &medication;
}

/// Medication resources are no records: they give their code to those who refer to them.
std::vector<Drug>& drugs_of(RecordSet& into, Context& context) {
  return &into == &context.contained ? context.contained_drugs : context.drugs;
}
Record* begin_drug(RecordSet& into, Context& context) {
  return &drugs_of(into, context).emplace_back();
}
void drop_drug(RecordSet& into, Context& context) {
  drugs_of(into, context).pop_back();
}

/// OperationOutcomes become issues.
Record* begin_outcome(RecordSet&, Context& context) {
  return &context.outcome;
}
void drop_outcome(RecordSet&, Context&) {}

using R = RecordSet;
/// Sorted by name.
constexpr Mapping mappings[] = {
    {"AdverseEvent", &adverse_event_type, begin_adverse_event, drop_record<&R::conditions>, true},
    mapping<&R::allergies>("AllergyIntolerance", allergy_type),
    mapping<&R::appointments>("Appointment", appointment_type),
    mapping<&R::communications>("Communication", communication_type),
    mapping<&R::conditions>("Condition", condition_type),
    mapping<&R::consents>("Consent", consent_type),
    mapping<&R::coverages>("Coverage", coverage_type),
    mapping<&R::imaging>("DiagnosticReport", diagnostic_report_type),
    mapping<&R::documents>("DocumentReference", document_type),
    mapping<&R::encounters>("Encounter", encounter_type),
    mapping<&R::endpoints>("Endpoint", endpoint_type),
    mapping<&R::healthcare_services>("HealthcareService", healthcare_service_type),
    {"ImagingStudy", &imaging_study_type, begin_study, drop_record<&R::imaging>, true},
    mapping<&R::locations>("Location", location_type),
    {"Medication", &drug_type, begin_drug, drop_drug, true},
    mapping<&R::medications>("MedicationRequest", medication_request_type),
    {"MedicationStatement", &medication_statement_type, begin_statement,
     drop_record<&R::medications>, true},
    mapping<&R::observations>("Observation", observation_type),
    {"OperationOutcome", &outcome_type, begin_outcome, drop_outcome, false},
    mapping<&R::organizations>("Organization", organization_type),
    mapping<&R::patients>("Patient", patient_type),
    mapping<&R::practitioners>("Practitioner", practitioner_type),
    mapping<&R::practitioner_roles>("PractitionerRole", practitioner_role_type),
    mapping<&R::procedures>("Procedure", procedure_type),
    mapping<&R::questionnaire_responses>("QuestionnaireResponse", questionnaire_response_type),
    mapping<&R::service_requests>("ServiceRequest", service_request_type),
    mapping<&R::tasks>("Task", task_type),
};

constexpr std::string_view r4_types[] = {
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "DomainResource",
    "EffectEvidenceSynthesis",
    "Encounter",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "Observation",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "Resource",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
};

constexpr std::string_view stu3_types[] = {
    "BodySite",           "DataElement",         "DeviceComponent",
    "EligibilityRequest", "EligibilityResponse", "ExpansionProfile",
    "ImagingManifest",    "ProcedureRequest",    "ProcessRequest",
    "ProcessResponse",    "ReferralRequest",     "Sequence",
    "ServiceDefinition",
};

static_assert(std::ranges::is_sorted(mappings, {}, &Mapping::name));
static_assert(std::ranges::is_sorted(r4_types));

template <typename T>
void append(std::vector<T>& into, std::vector<T>& from) {
  if (from.empty()) return;
  into.insert(into.end(), std::move_iterator(from.begin()), std::move_iterator(from.end()));
  from.clear();
}

}  // namespace

const Mapping* mapping_of(std::string_view resource_type) {
  const auto* found = std::ranges::lower_bound(mappings, resource_type, {}, &Mapping::name);
  if (found == std::end(mappings) || found->name != resource_type) return nullptr;
  return found;
}

bool is_r4_resource(std::string_view resource_type) {
  return std::ranges::binary_search(r4_types, resource_type);
}

bool is_stu3_resource(std::string_view resource_type) {
  return std::ranges::binary_search(stu3_types, resource_type);
}

void append_records(RecordSet& into, RecordSet& from) {
  for_each_list([&](auto list) { append(into.*list, from.*list); });
}

}  // namespace meridian::fhir_read
