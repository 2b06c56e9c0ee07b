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

/// What a Task.input or Task.output of ours, or a statement of an assessment, is; the list is
/// fhir-profiles/guide/codesystems/CodeSystem-task-part.json.
inline Coding part(std::string_view code) {
  return {"http://meridian-referral.org/fhir/CodeSystem/task-part", std::string(code), ""};
}

/// The rule that a statement comes from.
inline Coding rule(std::string_view id) {
  return {"http://meridian-referral.org/fhir/CodeSystem/rule", std::string(id), ""};
}

/// The whole of what rules say of one referral.
inline Coding safety_screen() {
  return {"http://meridian-referral.org/fhir/CodeSystem/assessment", "safety-screen", ""};
}

/// Task.businessStatus; the words are those of routing::State, and sent and redirected.
inline Concept state(const std::string& word) {
  return {{{"http://meridian-referral.org/fhir/CodeSystem/referral-state", word, ""}}, word};
}

/// What kind of thing happened, and in which part an agent took part: DICOM PS3.16 annex D, context
/// groups 400 to 402, as http://hl7.org/fhir/R4/valueset-audit-event-type.html has them.
inline Coding dicom(const char* code, const char* display) {
  return {"http://dicom.nema.org/resources/ontology/DCM", code, display};
}
inline Coding audit_export() {
  return dicom("110106", "Export");
}
inline Coding audit_activity() {
  return dicom("110100", "Application Activity");
}
inline Coding audit_security() {
  return dicom("110113", "Security Alert");
}
inline Coding audit_attributes_changed() {
  return dicom("110137", "User Security Attributes Changed");
}
inline Coding audit_authentication() {
  return dicom("110114", "User Authentication");
}
inline Coding audit_login() {
  return dicom("110122", "Login");
}
inline Coding audit_logout() {
  return dicom("110123", "Logout");
}
inline Coding audit_source() {
  return dicom("110153", "Source Role ID");
}
inline Coding audit_destination() {
  return dicom("110152", "Destination Role ID");
}

}  // namespace meridian::fhir::codes
