// SPDX-License-Identifier: Apache-2.0
// Records of the model as FHIR R4 JSON: what a message that is not FHIR says, for those who read
// FHIR.
#pragma once

#include <string>
#include <string_view>

#include "model/record_set.h"

namespace meridian::fhir {

/// A Bundle of type collection with a resource for each patient, practitioner, coverage, encounter,
/// condition, observation, procedure, medication, allergy, imaging report, document, order, task
/// and appointment, in this order. Records of other types are left out. What the model does not
/// hold is not invented: a required element that is not known is absent. Pure.
std::string collection_json(const RecordSet& records);

/// What a record is called there: its own ref where FHIR allows it ("Patient/17"), else the type
/// and a digest of the ref, the same each time ("Patient/m-5f...").
std::string fhir_ref(std::string_view ref);

}  // namespace meridian::fhir
