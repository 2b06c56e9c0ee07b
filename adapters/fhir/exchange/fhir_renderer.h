// SPDX-License-Identifier: Apache-2.0
// A letter as FHIR: the packet for a receiver as one transaction, the way back as single requests.
#pragma once

#include <memory>

#include "fhir/client/capabilities.h"
#include "fhir/exchange/dialect.h"
#include "fhir/exchange/referral_dialect.h"
#include "port/packet_print.h"
#include "port/ports.h"

namespace meridian::fhir {

/// Renders to a FHIR Bundle. The same letter, profile and capabilities give the same bytes.
///
/// Bundle.type `transaction` is sent whole; `batch` is sent entry by entry, in order, because most
/// hospital servers take no bundle. In a batch an entry PUT "Task?identifier=..." is a create or
/// an update of what the identifier finds, and a PATCH carries the members to set and no others.
/// References between the entries are urn:uuid in both.
///
/// Rendered::key is the identifier's value by which the receiver recognises a repeat.
class FhirRenderer : public Renderer {
 public:
  /// `capabilities` of the peer decide what its own record gets on the way back; see
  /// Dialect::expected.
  /// `print` makes the packet's page a PDF beside its text, and a note's text one where the record
  /// takes no other; without it there is the text alone.
  /// `dialect` is the referral standard that the peer follows.
  /// `rules` say what its record wants of what is written back to it.
  explicit FhirRenderer(std::shared_ptr<const Capabilities> capabilities, PagePrinter print = {},
                        ReferralDialect dialect = {}, WriteBack rules = {})
      : capabilities_(std::move(capabilities)),
        print_(std::move(print)),
        dialect_(std::move(dialect)),
        rules_(std::move(rules)) {}

  /// Errors: not_found, when the order is not among letter.include; malformed, when letter.raw is
  /// not what letter.records was read from; unsupported, when the receiver takes nothing of it.
  Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const override;
  bool keeps_course() const override { return !dialect_.steps.empty(); }

 private:
  std::shared_ptr<const Capabilities> capabilities_;
  PagePrinter print_;
  ReferralDialect dialect_;
  WriteBack rules_;
};

}  // namespace meridian::fhir
