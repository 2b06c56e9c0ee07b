// SPDX-License-Identifier: Apache-2.0
// The order, the work on it and the appointment: FHIR ServiceRequest, Task, Appointment,
// Communication.
#pragma once

#include "model/values.h"

namespace meridian {

/// What a payer granted for an order. Source: HL7 v2.9 chapter 11, AUT; no FHIR resource is read.
struct Authorization {
  Identifier number;          ///< AUT-6
  std::string payer;          ///< AUT-3, else AUT-1
  Period period;              ///< AUT-4 and AUT-5
  std::optional<int> visits;  ///< AUT-9; nothing when it is not said or no number
};

/// http://hl7.org/fhir/R4/servicerequest.html
struct ServiceRequest : Record {
  std::vector<Identifier> identifiers;
  std::vector<Reference> based_on;
  std::vector<Reference> replaces;
  Identifier requisition;
  std::string status;
  std::string intent;
  std::string priority;  ///< routine, urgent, asap, stat; empty means routine
  bool do_not_perform = false;
  std::vector<Concept> categories;
  Concept code;
  std::vector<Concept> order_details;
  Quantity quantity;  ///< quantityQuantity: how much of it, as 12 visits
  Reference subject;
  Reference encounter;
  Period occurrence;
  PartialDate authored;
  Reference requester;
  Concept performer_type;
  std::vector<Reference> performers;
  std::vector<Reference> locations;
  std::vector<Concept> reason_codes;
  std::vector<Reference> reason_references;
  std::vector<Reference> insurance;
  std::vector<Reference> supporting_info;
  std::vector<Concept> body_sites;
  std::vector<Authorization> authorizations;
  Sensitive<std::vector<std::string>> notes;
};

/// http://hl7.org/fhir/R4/task.html
struct Task : Record {
  struct Output {
    Concept type;
    Reference reference;
    std::string text;  ///< valueString or another primitive as written
  };
  std::vector<Identifier> identifiers;
  std::vector<Reference> based_on;
  std::vector<Reference> part_of;
  Identifier group_identifier;
  std::string status;
  Concept status_reason;
  Concept business_status;
  std::string intent;
  std::string priority;
  Concept code;
  Reference focus;
  Reference patient;  ///< Task.for
  Reference requester;
  Reference owner;
  PartialDate authored;
  PartialDate last_modified;
  Period execution;
  Sensitive<std::vector<std::string>> notes;
  std::vector<Output> outputs;
};

/// http://hl7.org/fhir/R4/appointment.html
struct Appointment : Record {
  std::vector<Identifier> identifiers;
  std::string status;
  Concept cancelation_reason;
  std::vector<Concept> service_types;
  PartialDate start;
  PartialDate end;
  std::vector<Reference> based_on;
  std::vector<Reference> participants;
  Sensitive<std::string> comment;
};

/// http://hl7.org/fhir/R4/communication.html
struct Communication : Record {
  std::string status;
  std::vector<Reference> based_on;
  std::vector<Reference> about;
  Reference subject;
  Reference sender;
  std::vector<Reference> recipients;
  PartialDate sent;
  Sensitive<std::vector<std::string>> payload;
};

}  // namespace meridian
