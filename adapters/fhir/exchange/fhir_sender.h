// SPDX-License-Identifier: Apache-2.0
// Delivers what FhirRenderer wrote, over one FhirClient.
#pragma once

#include "fhir/client/fhir_client.h"
#include "port/ports.h"

namespace meridian::fhir {

/// Every create is conditional on an identifier of ours and every update on a version, so that a
/// repeat finds what is there. With `repeat` the receiver is asked first.
/// Receipt::reference is the Task at the receiver ("Task/9"), else the first resource written;
/// Receipt::proof is created, updated or already-there.
/// Errors carry the retry class of the client; `invalid`, `forbidden` ... are the receiver's no.
class FhirSender : public Sender {
 public:
  /// `client` must outlive the sender.
  explicit FhirSender(FhirClient& client) : client_(client) {}

  Result<Receipt> send(const Rendered& letter, bool repeat) override;
  bool recognises_repeats() const override { return true; }

 private:
  FhirClient& client_;
};

}  // namespace meridian::fhir
