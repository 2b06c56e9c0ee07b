// SPDX-License-Identifier: Apache-2.0
// A letter as an HL7 v2 message.
#pragma once

#include <memory>

#include "hl7v2/write/dialect.h"
#include "model/terminology.h"
#include "port/packet_print.h"

namespace meridian::hl7v2 {

/// Renders to one message in UTF-8. The same letter, profile and dialect give the same bytes.
/// Rendered::key is MSH-10. What a field carries is fhir-profiles/v2; the reader of this adapter
/// reads it back.
class Hl7v2Renderer : public Renderer {
 public:
  /// `tables` is borrowed: the ConceptMaps of fhir-profiles/v2. `print` makes the packet's page a
  /// PDF beside its text; without it there is the text alone.
  Hl7v2Renderer(WriteDialect dialect, const Terminology& tables, PagePrinter print = {})
      : dialect_(std::move(dialect)), tables_(tables), print_(std::move(print)) {}

  /// Errors: not_found, when order or patient are not among letter.include, or Letter::earlier is
  /// missing where it must be known; unsupported, for what
  /// has no message.
  Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const override;
  bool follows_earlier() const override { return true; }

 private:
  WriteDialect dialect_;
  const Terminology& tables_;
  PagePrinter print_;
};

}  // namespace meridian::hl7v2
