// SPDX-License-Identifier: Apache-2.0
// A letter as FHIR: the packet for a clinic as one transaction, the way back as single requests.
#pragma once

#include <memory>

#include "fhir/client/capabilities.h"
#include "port/ports.h"

namespace meridian::fhir {

/// Who reads what is rendered.
enum class Receiver {
  clinic,    ///< gets copies; owns the Task's status
  hospital,  ///< owns the order; gets a Task, a Communication or a DocumentReference beside it
};

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
  /// `capabilities` of the receiver decide what is written to a hospital; see Dialect::expected.
  FhirRenderer(Receiver receiver, std::shared_ptr<const Capabilities> capabilities);

  /// Errors: not_found, when the order is not among letter.include; malformed, when letter.raw is
  /// not what letter.records was read from; unsupported, when the receiver takes nothing of it.
  Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const override;

 private:
  Receiver receiver_;
  std::shared_ptr<const Capabilities> capabilities_;
};

}  // namespace meridian::fhir
