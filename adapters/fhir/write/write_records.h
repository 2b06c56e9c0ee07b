// SPDX-License-Identifier: Apache-2.0
// One record as one resource, as an element of the list that is open. http://hl7.org/fhir/R4
#pragma once

#include "fhir/write/json_out.h"
#include "model/record_set.h"

namespace meridian::fhir {

// write_people.cc
void write(JsonOut& out, const Patient& patient);
void write(JsonOut& out, const Practitioner& practitioner);
void write(JsonOut& out, const Coverage& coverage);

// write_clinical.cc
void write(JsonOut& out, const Encounter& encounter);
void write(JsonOut& out, const Condition& condition);
void write(JsonOut& out, const Observation& observation);
void write(JsonOut& out, const Procedure& procedure);
void write(JsonOut& out, const Medication& medication);
void write(JsonOut& out, const AllergyIntolerance& allergy);
void write(JsonOut& out, const ImagingReport& report);
void write(JsonOut& out, const Document& document);

// write_referral.cc
void write(JsonOut& out, const ServiceRequest& order);
void write(JsonOut& out, const Task& task);
void write(JsonOut& out, const Appointment& appointment);

}  // namespace meridian::fhir
