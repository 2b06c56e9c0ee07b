// SPDX-License-Identifier: Apache-2.0
// The data types of the normalized model, under their FHIR R4 names.
// Source: http://hl7.org/fhir/R4/datatypes.html
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.h"
#include "base/time.h"

namespace meridian {

/// A code of a code system. Empty members were absent.
struct Coding {
  std::string system;  ///< URI, as written
  std::string code;
  std::string display;

  friend bool operator==(const Coding&, const Coding&) = default;
};

/// FHIR CodeableConcept: any number of codings, free text, or both.
struct Concept {
  std::vector<Coding> codings;
  std::string text;

  bool empty() const { return codings.empty() && text.empty(); }
};

/// A business identifier; `value` names a person, so it is sensitive.
struct Identifier {
  std::string system;
  Sensitive<std::string> value;
  std::string type;  ///< code of HL7 table 0203 (MR, PLAC, FILL, NPI ...), empty when not said

  friend bool operator==(const Identifier&, const Identifier&) = default;
};

/// How exact a date is. It never becomes more exact than it was written.
enum class Precision { none, year, month, day, instant, local_time };

/// FHIR date, dateTime or instant as written. `local_time` has a time but no zone.
struct PartialDate {
  std::string text;  ///< as written; empty when absent
  Precision precision = Precision::none;

  bool empty() const { return precision == Precision::none; }
  /// First day that the date may mean (UTC day for instants); nothing when absent.
  std::optional<Day> first_day() const;
  /// Last day that the date may mean.
  std::optional<Day> last_day() const;
  /// The instant; for less exact dates midnight UTC of the first day.
  std::optional<Instant> instant() const;

  friend bool operator==(const PartialDate&, const PartialDate&) = default;
};

/// Reads a FHIR date, dateTime or instant; nothing when it is none of them or does not exist.
std::optional<PartialDate> parse_partial_date(std::string_view text);

struct Period {
  PartialDate start;
  PartialDate end;
};

/// A decimal kept as written ("1.50" stays "1.50") and its unit.
struct Quantity {
  std::string value;  ///< as written; empty when absent
  std::string unit;   ///< human text
  std::string code;   ///< UCUM when `system` says so
  std::string system;
  std::string comparator;  ///< <, <=, >=, > or empty

  bool empty() const { return value.empty(); }
  /// The number for comparing; nothing when absent or not a number.
  std::optional<double> number() const;
};

/// A reference after resolution.
struct Reference {
  std::string written;    ///< as received: "Patient/1", "urn:uuid:...", "#c1", absolute URL
  std::string target;     ///< "Type/id" when it could be resolved, in the same batch or by its form
  Identifier identifier;  ///< logical reference, when given
  std::string display;
  bool contained = false;  ///< target is a resource contained in the referring one

  bool empty() const { return written.empty() && identifier.value.reveal().empty(); }
};

/// Name, telecom and address of a person or organisation.
struct ContactPoint {
  std::string system;  ///< phone, email, fax, url
  Sensitive<std::string> value;
  std::string use;
};

struct Address {
  Sensitive<std::vector<std::string>> lines;
  std::string city;
  std::string state;
  std::string postal_code;
  std::string country;
  /// Degrees, WGS 84. Source: http://hl7.org/fhir/StructureDefinition/geolocation
  Sensitive<std::optional<double>> latitude;
  Sensitive<std::optional<double>> longitude;
};

struct HumanName {
  Sensitive<std::string> family;
  Sensitive<std::vector<std::string>> given;
  Sensitive<std::string> text;  ///< the whole name as written, when given
  std::string use;
};

/// A name for people to read: text, else given and family.
std::string display_name(const HumanName& name);

/// Where a record came from. Source of the idea: FHIR Provenance, DESIGN section 4.
struct Provenance {
  std::string source_id;  ///< configured source, or file name on the command line
  /// Ours, or file name; one for all records of a message. Null: of no message.
  std::shared_ptr<const std::string> message_id;
  std::string path;        ///< Bundle.entry[3].resource
  std::size_t offset = 0;  ///< first byte of the record in the message
  std::size_t size = 0;    ///< number of bytes
  std::optional<Instant> received_at;
};

/// What every record of the model carries.
struct Record {
  std::string ref;  ///< "Type/id", or for v2 the message control id and segment position
  std::string version;
  PartialDate last_updated;
  std::vector<Coding> security;  ///< meta.security labels
  Provenance provenance;
  std::vector<Reference> contained_in;  ///< the record that contains it, when contained
};

}  // namespace meridian

#ifndef NDEBUG  // compiled once, in compiled_once.cc
extern template class std::vector<meridian::Coding>;
extern template class std::vector<meridian::Concept>;
extern template class std::vector<meridian::Identifier>;
extern template class std::vector<meridian::Reference>;
extern template class std::vector<meridian::ContactPoint>;
extern template class std::vector<meridian::Address>;
extern template class std::vector<meridian::HumanName>;
#endif
