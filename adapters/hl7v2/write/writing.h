// SPDX-License-Identifier: Apache-2.0
// Values of the model as HL7 v2 fields, escaped. Source: HL7 v2.8.2 chapter 2A
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hl7v2/syntax/message.h"
#include "hl7v2/write/dialect.h"
#include "model/terminology.h"
#include "model/values.h"
#include "port/packet_print.h"

namespace meridian::hl7v2 {

/// What every segment is written with. Borrows the dialect and the tables of fhir-profiles/v2.
/// Each function gives the raw text of a field or of one repetition; "" for what is empty.
class Writing {
 public:
  Writing(const WriteDialect& for_dialect, const Terminology& with_tables,
          const PagePrinter& with_printer)
      : dialect(for_dialect), tables(with_tables), print(with_printer) {}

  const WriteDialect& dialect;
  const Terminology& tables;
  const PagePrinter& print;  ///< empty: the page goes as text alone

  /// Escaped, without marks that would turn around what a screen shows beside it.
  std::string text(std::string_view words) const;
  /// A template of the dialect for a concept, such as "page".
  std::string concept_named(const std::string& name) const;
  /// The v2 code of a FHIR code: the peer's own, else the first row of the table that gives it.
  std::string code(std::string_view map, std::string_view table, const std::string& target) const;

  /// DTM. A time without a zone is written as its day, for its zone would be taken from MSH-7.
  std::string date(const PartialDate& date) const;
  std::string date(Instant at) const;
  /// CE and CWE: two codings; the words in CWE.5 beside one of them, in CWE.9 beside two.
  std::string coded(const Concept& coded) const;
  std::string coded(const Coding& coding) const { return coded(Concept{{coding}, {}}); }
  /// EI.
  std::string entity(const std::string& value, const std::string& system) const;
  /// CX: number, authority, type.
  std::string number(const Identifier& identifier) const;
  std::string name(const HumanName& name) const;                          ///< XPN
  std::string address(const Address& address) const;                      ///< XAD
  std::string contact(const ContactPoint& contact) const;                 ///< XTN
  std::string person(const Identifier& id, const HumanName& name) const;  ///< XCN

  /// Parts with the delimiter between them, without the empty ones at the end.
  static std::string join(const std::vector<std::string>& parts, char delimiter);
  std::string components(const std::vector<std::string>& parts) const {
    return join(parts, delimiters_.component);
  }
  std::string repetitions(const std::vector<std::string>& parts) const {
    return join(parts, delimiters_.repetition);
  }

 private:
  /// HD in three parts, as components or as subcomponents.
  std::string authority(const std::string& system, char delimiter) const;
  std::string coding_system(const std::string& system) const;

  Delimiters delimiters_;
};

}  // namespace meridian::hl7v2
