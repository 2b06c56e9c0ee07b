// SPDX-License-Identifier: Apache-2.0
// People, organisations and places, under their FHIR R4 names.
#pragma once

#include "model/values.h"

namespace meridian {

/// http://hl7.org/fhir/R4/patient.html
struct Patient : Record {
  std::vector<Identifier> identifiers;
  std::vector<HumanName> names;
  std::vector<ContactPoint> telecom;
  std::vector<Address> addresses;
  std::string gender;
  Sensitive<PartialDate> birth_date;
  bool deceased = false;
  bool active = true;
  std::vector<Concept> languages;
  Concept preferred_language;  ///< that of languages which is marked as preferred
  Reference managing_organization;
  std::vector<Reference> replaced_by;  ///< link.type replaced-by
};

/// A licence, certificate or degree: Practitioner.qualification, and what Plan-Net adds to it.
/// Source:
/// http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/practitioner-qualification
/// (status, whereValid) and .../qualification (all of it, on a role or an organisation)
struct Qualification {
  std::vector<Identifier> identifiers;
  Concept code;
  Period period;
  Reference issuer;
  std::string status;                ///< active, inactive, issiner, revoked, pending, unknown
  std::vector<Concept> where_valid;  ///< states, by USPS code
};

/// Whether new patients are taken, of everybody or of one network.
/// Source: http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/newpatients
struct NewPatients {
  std::string accepting;  ///< newpt, nopt, existptonly, existptfam; VHDir's true and false likewise
  Reference network;      ///< empty: of everybody
};

struct Practitioner : Record {
  std::vector<Identifier> identifiers;
  std::vector<HumanName> names;
  std::vector<ContactPoint> telecom;
  std::vector<Qualification> qualifications;
  std::vector<Concept> languages;  ///< Practitioner.communication
  bool active = true;
};

struct PractitionerRole : Record {
  Reference practitioner;
  Reference organization;
  std::vector<Concept> codes;
  std::vector<Concept> specialties;
  std::vector<Reference> locations;
  std::vector<Reference> healthcare_services;
  std::vector<Reference> endpoints;
  std::vector<ContactPoint> telecom;
  bool active = true;
  std::vector<Identifier> identifiers;
  std::vector<Qualification> qualifications;
  std::vector<NewPatients> new_patients;
  std::vector<Reference> networks;  ///< Plan-Net network-reference
};

struct Organization : Record {
  std::vector<Identifier> identifiers;
  std::string name;
  std::vector<Concept> types;
  std::vector<ContactPoint> telecom;
  std::vector<Address> addresses;
  std::vector<Reference> endpoints;
  Reference part_of;
  bool active = true;
  std::vector<Qualification> qualifications;
};

struct Location : Record {
  std::vector<Identifier> identifiers;
  std::string name;
  Address address;
  std::optional<double> latitude;
  std::optional<double> longitude;
  Reference managing_organization;
  std::vector<ContactPoint> telecom;
  std::string status;  ///< active, suspended, inactive
  std::vector<Reference> endpoints;
  std::vector<NewPatients> new_patients;
};

struct HealthcareService : Record {
  std::vector<Identifier> identifiers;
  std::string name;
  bool active = true;
  Reference provided_by;
  std::vector<Concept> categories;
  std::vector<Concept> types;
  std::vector<Concept> specialties;
  std::vector<Reference> locations;
  std::vector<Reference> endpoints;
  std::vector<ContactPoint> telecom;
  std::vector<Concept> languages;        ///< HealthcareService.communication
  std::vector<Concept> characteristics;  ///< what it has: parking, wheelchair access ...
  std::vector<std::string> eligibility;  ///< who is taken, in its own words
  std::vector<std::string> visit_modes;  ///< physical, virtual: Plan-Net delivery-method
  std::vector<NewPatients> new_patients;
  std::vector<Reference> networks;
};

struct Endpoint : Record {
  std::string status;
  Coding connection_type;
  std::string address;
  std::vector<std::string> mime_types;
  Reference managing_organization;
};

/// http://hl7.org/fhir/R4/coverage.html
struct Coverage : Record {
  std::string status;
  Concept type;
  Reference beneficiary;
  std::vector<Reference> payors;
  std::string payor_name;  ///< display or contained organisation's name
  Sensitive<std::string> subscriber_id;
  Period period;
  std::string network;               ///< the insurer's network, when given
  std::vector<std::string> classes;  ///< names of group, plan ... as given
};

/// A rule of a Consent, and in it the exceptions from it.
/// Source: http://hl7.org/fhir/R4/consent.html, provision
struct Provision {
  struct Actor {
    Concept role;
    Reference reference;
    bool has_limits = false;  ///< a modifier: not read
  };
  struct Instance {
    std::string meaning;  ///< instance, related, dependents, authoredby
    Reference reference;
    bool has_limits = false;
  };
  std::string type;  ///< permit or deny
  Period period;
  std::vector<Actor> actors;
  std::vector<Concept> actions;
  std::vector<Coding> labels;
  std::vector<Coding> purposes;
  std::vector<Coding> classes;  ///< content classes, for FHIR the resource types
  std::vector<Instance> data;
  std::vector<Provision> provisions;
  bool has_limits = false;  ///< codes, the period of the data or modifiers: not read
};

/// http://hl7.org/fhir/R4/consent.html
struct Consent : Record {
  std::string status;
  Concept scope;
  std::vector<Concept> categories;
  Reference patient;
  PartialDate date_time;
  Concept policy_rule;  ///< what holds where the provision says nothing
  Provision provision;
  bool has_limits = false;  ///< modifiers: not read
};

}  // namespace meridian
