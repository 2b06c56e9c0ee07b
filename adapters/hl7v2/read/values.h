// SPDX-License-Identifier: Apache-2.0
// The data types of HL7 v2 to those of the model. Source: HL7 v2.8.2 chapter 2A
#pragma once

#include "hl7v2/read/context.h"

namespace meridian::hl7v2 {

/// DTM, TS, DT: as exact as it was written, never more; an hour without minutes is a day. A time
/// without a zone takes that of MSH-7. What is no date is an issue at the field and empty.
PartialDate date_of(Context& context, const Segment& segment, std::size_t field,
                    std::size_t component = 1);
/// The same for a part of a field; `path` is where it stands.
PartialDate date_of(Context& context, const Part& part, const std::string& path);
/// A date of birth: midnight is no time.
PartialDate day_of(Context& context, const Segment& segment, std::size_t field);

/// CE, CWE, CNE: both codings and the words. A name of a coding system without a row in
/// v2-coding-system, or none at all, is the sender's own: urn:hl7v2:FACILITY:NAME.
Concept concept_of(const Context& context, const Part& part);
std::vector<Concept> concepts_of(const Context& context, const Part& field);
/// ID, IS: a code of an HL7 table, as a coded value.
Concept table_concept(const Part& part, std::string_view table);
/// The system that a name of a coding system stands for.
std::string coding_system(const Context& context, const std::string& name);

/// Who gave a number: an HD, by its three parts.
struct Authority {
  std::string system;   ///< what it means in FHIR; urn:hl7v2:NAMESPACE without a mapping
  std::string written;  ///< namespace or universal id, as written; empty when it names none
};
Authority authority_of(const Context& context, const std::string& namespace_id,
                       const std::string& universal_id, const std::string& universal_type);

/// CX: id, assigning authority, type.
Identifier identifier_of(const Context& context, const Part& part);
/// EI: id, namespace, universal id, type.
Identifier entity_of(const Context& context, const Part& part);
/// The record_id of an order's number of its authority, "AUTHORITY.number"; a number without
/// authority is the facility's own. Empty when there is no number. Orders keep their numbers: the
/// receiver answers with them, and people find the order by them.
std::string number_of(const Context& context, const Part& entity);
/// The hidden_id of any other number.
std::string hidden_number_of(const Context& context, const Part& entity);
/// The same of a CX. Without an authority it is that of "@APP.FACILITY": another application of the
/// facility may count differently.
std::string patient_number(const Context& context, const Part& identifier);

HumanName name_of(const Context& context, const Part& xpn);
Address address_of(const Part& xad);
/// XTN of every version: number, mail address, or parts.
ContactPoint contact_of(const Context& context, const Part& xtn);
/// XCN: who, by name and identifier.
Reference person_of(const Context& context, const Part& xcn);

/// The paragraphs of a field: its repetitions, one a line.
std::string lines_of(const Part& field);

}  // namespace meridian::hl7v2
