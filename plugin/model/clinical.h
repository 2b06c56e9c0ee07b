// SPDX-License-Identifier: Apache-2.0
// What happened to the patient, under FHIR R4 names.
#pragma once

#include "model/values.h"

namespace meridian {

/// http://hl7.org/fhir/R4/encounter.html
struct Encounter : Record {
  std::string status;
  Coding class_code;
  std::vector<Concept> types;
  Reference subject;
  Period period;
  std::vector<Concept> reason_codes;
  std::vector<Reference> reason_references;
  std::vector<Reference> diagnoses;  ///< diagnosis.condition
  std::vector<Reference> participants;
  Reference service_provider;
};

/// http://hl7.org/fhir/R4/condition.html, and http://hl7.org/fhir/R4/adverseevent.html: what
/// happened to the patient, of the category "AdverseEvent"; one that only might have happened is
/// refuted.
struct Condition : Record {
  std::string clinical_status;      ///< active, recurrence, relapse, inactive, remission, resolved
  std::string verification_status;  ///< confirmed, provisional, refuted, entered-in-error ...
  std::vector<Concept> categories;
  Concept severity;
  Concept code;
  std::vector<Concept> body_sites;
  Reference subject;
  Reference encounter;
  PartialDate onset;       ///< onsetDateTime or onsetPeriod.start
  std::string onset_text;  ///< onsetString, or onsetAge as "52 a"
  PartialDate abatement;
  bool abated = false;  ///< any abatement[x] was present
  PartialDate recorded;
};

/// http://hl7.org/fhir/R4/observation.html
struct Observation : Record {
  struct Component {
    Concept code;
    Quantity quantity;
    Concept concept_value;
    std::string text;
  };
  std::string status;
  std::vector<Concept> categories;
  Concept code;
  Reference subject;
  Reference encounter;
  PartialDate effective;  ///< effectiveDateTime, effectiveInstant or effectivePeriod.start
  Quantity quantity;
  Concept concept_value;
  Sensitive<std::string> text;  ///< valueString, or another value[x] as written
  std::optional<bool> boolean;
  Concept data_absent_reason;
  std::vector<Concept> interpretations;
  Concept body_site;
  std::vector<Reference> based_on;
  std::vector<Reference> derived_from;
  std::vector<Reference> members;
  std::vector<Component> components;
};

/// http://hl7.org/fhir/R4/procedure.html
struct Procedure : Record {
  std::string status;
  Concept status_reason;
  Concept category;
  Concept code;
  Reference subject;
  Reference encounter;
  Period performed;  ///< performedDateTime as start and end
  std::vector<Concept> reason_codes;
  std::vector<Reference> reason_references;
  std::vector<Concept> body_sites;
  std::vector<Reference> based_on;
  std::vector<Reference> performers;
};

/// MedicationRequest or MedicationStatement.
struct Medication : Record {
  bool is_statement = false;
  std::string status;
  std::string intent;
  Concept code;          ///< medicationCodeableConcept, or that of the referenced Medication
  Reference medication;  ///< medicationReference
  Reference subject;
  Reference encounter;
  PartialDate authored;            ///< authoredOn, dateAsserted
  Period effective;                ///< dispenseRequest.validityPeriod, effective[x]
  std::optional<int> days_supply;  ///< dispenseRequest.expectedSupplyDuration in days
  std::vector<Concept> reason_codes;
  std::vector<Reference> reason_references;
};

/// http://hl7.org/fhir/R4/allergyintolerance.html
struct AllergyIntolerance : Record {
  std::string clinical_status;
  std::string verification_status;
  std::vector<std::string> categories;
  std::string criticality;
  Concept code;
  Reference patient;
  PartialDate onset;
};

/// One statement read out of a report's narrative or coded findings.
struct ImagingFinding {
  std::string kind;       ///< id of imaging_findings.json
  std::string level;      ///< L4-L5, L5-S1, L1, SI; empty when not said
  std::string side;       ///< left, right, bilateral, central
  std::string certainty;  ///< definite, probable, possible
  bool negated = false;
  bool historical = false;
  bool evidence = true;  ///< false: the kind of image cannot show it (ultrasound)
  std::string section;   ///< findings, impression, addendum, recommendation, comparison, history
  Sensitive<std::string> text;
  std::size_t span_begin = 0;  ///< byte offset in ImagingReport::narrative
  std::size_t span_size = 0;
};

/// DiagnosticReport with its ImagingStudy and narrative; v2 ORU.
/// http://hl7.org/fhir/R4/diagnosticreport.html, http://hl7.org/fhir/R4/imagingstudy.html
struct ImagingReport : Record {
  std::string status;
  std::vector<Concept> categories;
  Concept code;
  Reference subject;
  Reference encounter;
  PartialDate effective;
  PartialDate issued;
  std::vector<std::string> modalities;  ///< DICOM codes, upper case
  std::vector<Concept> body_sites;
  Sensitive<std::string> narrative;   ///< findings and impression as plain text
  Sensitive<std::string> conclusion;  ///< as written
  std::vector<Concept> conclusion_codes;
  std::vector<Reference> results;
  std::vector<Reference> studies;
  std::vector<Reference> based_on;
  std::vector<ImagingFinding> findings;
  std::vector<ImagingFinding> unread;  ///< serious words that could not be read: for a person
  bool is_study = false;               ///< an ImagingStudy that no report mentions
};

/// http://hl7.org/fhir/R4/documentreference.html
struct Document : Record {
  struct Attachment {
    std::string content_type;
    std::string url;
    std::string title;
    std::string data;  ///< decoded; empty when only a url was given
  };
  std::string status;
  std::string doc_status;
  Concept type;
  std::vector<Concept> categories;
  Reference subject;
  PartialDate date;
  std::vector<Attachment> content;
  std::vector<Reference> related;  ///< context.related and context.encounter
};

/// An answer to a screening question, by whichever door it came.
struct Answer {
  std::string question;  ///< id of the screening question: rf01.saddle
  std::string value;     ///< "yes", "no", or a code; never empty
  Reference subject;
  Reference by;
  PartialDate at;
  std::string via;  ///< questionnaire, observation, obx, staff-form
  std::string ref;  ///< the record it rests on
};

/// http://hl7.org/fhir/R4/questionnaireresponse.html with items flattened.
struct QuestionnaireResponse : Record {
  struct Item {
    std::string link_id;
    std::string text;
    std::vector<Coding> codes;        ///< item.definition or answer coding systems, when given
    std::vector<std::string> values;  ///< answers as text: true, false, codes, decimals as written
    std::vector<Coding> coded_values;
  };
  std::string questionnaire;  ///< canonical with version
  std::string status;
  Reference subject;
  Reference author;
  Reference source;
  std::vector<Reference> based_on;
  PartialDate authored;
  std::vector<Item> items;
};

}  // namespace meridian
