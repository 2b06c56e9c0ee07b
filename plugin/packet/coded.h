// SPDX-License-Identifier: Apache-2.0
// Every code a record carries, whatever the element: what a privacy rule must look at.
#pragma once

#include <vector>

#include "model/record_set.h"

namespace meridian::packet {

using Codes = std::vector<Concept>;

Codes codes_of(const Encounter& record);
Codes codes_of(const Condition& record);
Codes codes_of(const Observation& record);
Codes codes_of(const Procedure& record);
Codes codes_of(const Medication& record);
Codes codes_of(const AllergyIntolerance& record);
Codes codes_of(const ImagingReport& record);
Codes codes_of(const Document& record);
Codes codes_of(const QuestionnaireResponse& record);
Codes codes_of(const ServiceRequest& record);
Codes codes_of(const Task& record);
Codes codes_of(const Appointment& record);
Codes codes_of(const PractitionerRole& record);
Codes codes_of(const HealthcareService& record);
/// Records whose codes say nothing about a patient's health.
template <typename T>
Codes codes_of(const T&) {
  return {};
}

/// Calls `see` with each list of records.
template <typename See>
void for_each_list(const RecordSet& records, const See& see) {
  see(records.patients);
  see(records.practitioners);
  see(records.practitioner_roles);
  see(records.organizations);
  see(records.locations);
  see(records.healthcare_services);
  see(records.endpoints);
  see(records.coverages);
  see(records.consents);
  see(records.encounters);
  see(records.conditions);
  see(records.observations);
  see(records.procedures);
  see(records.medications);
  see(records.allergies);
  see(records.imaging);
  see(records.documents);
  see(records.questionnaire_responses);
  see(records.service_requests);
  see(records.tasks);
  see(records.appointments);
  see(records.communications);
}

}  // namespace meridian::packet
