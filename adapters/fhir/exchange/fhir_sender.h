// SPDX-License-Identifier: Apache-2.0
// Delivers what FhirRenderer wrote, over one FhirClient.
#pragma once

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/dialect.h"
#include "port/ports.h"

namespace meridian::fhir {

/// Every create is conditional on an identifier of ours and every update on a version, so that a
/// repeat finds what is there. With `repeat` a transaction is sent only after the receiver was
/// asked for its Task, and a Task of ours that tells of something later is left as it is; the
/// requests of a batch always ask first, since one that fails in the middle begins again.
/// Receipt::reference is the Task at the receiver ("Task/9"), else the first resource written;
/// Receipt::proof is created, updated or already-there.
/// Errors: those of the client, with its retry class; of the receiver's answer (invalid, forbidden,
/// conflict ...); conflict also when two resources carry our identifier, or a cancel comes after
/// the work began; unsupported, when a repeat cannot be told from a first try because the receiver
/// refuses the search.
class FhirSender : public Sender {
 public:
  /// `client` must outlive the sender. What has more entries than WriteBack::conditional_entries is
  /// sent draft first.
  explicit FhirSender(FhirClient& client, WriteBack rules = {})
      : client_(client), rules_(std::move(rules)) {}

  Result<Receipt> send(const Rendered& letter, bool repeat) override;
  /// Searches for the letter's Task by our identifier; of one that we keep up to date status and
  /// business status are compared. unknown for a letter without one.
  Result<Standing> look(const Rendered& letter) override;
  bool recognises_repeats() const override { return true; }

 private:
  bool draft_first(const OutBundle& bundle) const;

  FhirClient& client_;
  WriteBack rules_;
};

}  // namespace meridian::fhir
