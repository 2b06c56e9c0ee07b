// SPDX-License-Identifier: Apache-2.0
// "Sends" to a clinic that reads here: once the row is settled, the clinic sees it.
#pragma once

#include "port/ports.h"

namespace meridian::fhir {

/// Takes what FhirRenderer wrote and does nothing more: what was delivered is read from the outbox
/// itself. Errors: malformed, when the endpoint could not show it.
class ShelfSender : public Sender {
 public:
  Result<Receipt> send(const Rendered& letter, bool repeat) override;
  /// To settle a row twice changes nothing.
  bool recognises_repeats() const override { return true; }
};

}  // namespace meridian::fhir
