// SPDX-License-Identifier: Apache-2.0
// The list of FHIR resource types: which are mapped, and where their records go.
#pragma once

#include <string>
#include <string_view>

#include "fhir/read/context.h"
#include "fhir/read/element.h"

namespace meridian::fhir_read {

extern const Type bundle_type;
extern const Type entry_type;

extern const Type patient_type;
extern const Type practitioner_type;
extern const Type practitioner_role_type;
extern const Type organization_type;
extern const Type location_type;
extern const Type healthcare_service_type;
extern const Type endpoint_type;
extern const Type coverage_type;
extern const Type consent_type;
extern const Type encounter_type;
extern const Type adverse_event_type;
extern const Type condition_type;
extern const Type observation_type;
extern const Type procedure_type;
extern const Type medication_request_type;
extern const Type medication_statement_type;
extern const Type drug_type;
extern const Type allergy_type;
extern const Type diagnostic_report_type;
extern const Type imaging_study_type;
extern const Type document_type;
extern const Type questionnaire_response_type;
extern const Type questionnaire_item_type;
extern const Type outcome_type;
extern const Type service_request_type;
extern const Type task_type;
extern const Type appointment_type;
extern const Type communication_type;

/// A resource type that the model has a record for.
struct Mapping {
  std::string_view name;
  const Type* type = nullptr;
  /// Appends an empty record to the list where it belongs.
  Record* (*begin)(RecordSet& into, Context& context) = nullptr;
  /// Removes the last record of that list.
  void (*drop)(RecordSet& into, Context& context) = nullptr;
  bool named = true;  ///< others may refer to it, so it needs an id
};

/// The mapping of a resource type; null when it passes through. Bundle is no mapping.
const Mapping* mapping_of(std::string_view resource_type);

/// True for the resource types of FHIR R4.
bool is_r4_resource(std::string_view resource_type);

/// True for resource types that existed in FHIR STU3 and no longer do.
bool is_stu3_resource(std::string_view resource_type);

/// Moves all records of `from` to the end of the lists of `into`; not resources and issues.
void append_records(RecordSet& into, RecordSet& from);

/// Gives the pending resource its ref and moves what it contains behind it. `full_url` is that of
/// its Bundle entry, empty when it has none.
void finish_pending(Context& context, std::string&& full_url);

}  // namespace meridian::fhir_read
