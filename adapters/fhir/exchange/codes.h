// SPDX-License-Identifier: Apache-2.0
// The workflow and document codes of what we author, with their sources.
#pragma once

#include "model/values.h"

namespace meridian::fhir::codes {

/// http://hl7.org/fhir/R4/codesystem-task-code.html
inline Coding task(const char* code) {
  return {"http://hl7.org/fhir/CodeSystem/task-code", code, ""};
}

/// The outcome of a referral is a consultation note; CMS50 counts Tasks that carry such a code.
inline Coding consult_note() {
  return {"http://loinc.org", "11488-4", "Consult note"};
}

inline Coding referral_note() {
  return {"http://loinc.org", "57133-1", "Referral note"};
}

/// http://hl7.org/fhir/us/core/CodeSystem-us-core-documentreference-category.html
inline Coding clinical_note() {
  return {"http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
          "clinical-note", "Clinical Note"};
}

/// http://terminology.hl7.org/CodeSystem-communication-category.html
inline Coding communication(const char* code) {
  return {"http://terminology.hl7.org/CodeSystem/communication-category", code, ""};
}

/// What a Task.input or Task.output of ours is: flag, caution, missing, coverage, annotation,
/// guideline, packet, pain-type, validity, withheld, appointment, outcome, patient-link.
inline Coding part(std::string_view code) {
  return {"http://meridian-referral.org/fhir/CodeSystem/task-part", std::string(code), ""};
}

}  // namespace meridian::fhir::codes
