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
  Reference managing_organization;
  std::vector<Reference> replaced_by;  ///< link.type replaced-by
};

struct Practitioner : Record {
  std::vector<Identifier> identifiers;
  std::vector<HumanName> names;
  std::vector<ContactPoint> telecom;
  std::vector<Concept> qualifications;
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
};

struct Location : Record {
  std::vector<Identifier> identifiers;
  std::string name;
  Address address;
  std::optional<double> latitude;
  std::optional<double> longitude;
  Reference managing_organization;
  std::vector<ContactPoint> telecom;
};

struct HealthcareService : Record {
  std::string name;
  bool active = true;
  Reference provided_by;
  std::vector<Concept> categories;
  std::vector<Concept> types;
  std::vector<Concept> specialties;
  std::vector<Reference> locations;
  std::vector<Reference> endpoints;
  std::vector<ContactPoint> telecom;
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
};

/// http://hl7.org/fhir/R4/consent.html
struct Consent : Record {
  std::string status;
  Concept scope;
  std::vector<Concept> categories;
  Reference patient;
  PartialDate date_time;
  std::string provision_type;  ///< permit or deny
  Period provision_period;
  std::vector<Coding> provision_labels;
};

}  // namespace meridian
