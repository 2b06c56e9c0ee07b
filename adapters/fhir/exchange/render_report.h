// SPDX-License-Identifier: Apache-2.0
// The way back: status, appointment and consult note for the record of the one who ordered.
#pragma once

#include "fhir/client/capabilities.h"
#include "fhir/exchange/dialect.h"
#include "fhir/exchange/referral_dialect.h"
#include "port/packet_print.h"
#include "port/ports.h"

namespace meridian::fhir {

/// How the receiver's record is written to. Borrowed.
struct ReportRules {
  const Capabilities& capabilities;
  const ReferralDialect& dialect;
  const WriteBack& write_back;
  const PagePrinter& print;  ///< for a record that takes no texts but PDFs; may be empty
};

/// A batch of what the receiver can take: the note as DocumentReference (or, where documents cannot
/// be written, in a Communication), the coordination Task, and a message to the requester when the
/// status is one to know of. The order itself is never written: it belongs to who placed it.
/// The Task goes by the steps that the dialect asks for. Where the receiver makes Tasks itself and
/// we may not, the one of the order is given our status, when there is one. What of a note the
/// receiver does not take is printed, or named in the message. Where documents have a form of the
/// server's own and no message can be written, the message is a document too.
/// Errors: unsupported, when the receiver takes none of them; malformed as clinic_news.
Result<Rendered> render_report(const Letter& letter, const ReportRules& rules);

}  // namespace meridian::fhir
