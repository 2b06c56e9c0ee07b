// SPDX-License-Identifier: Apache-2.0
// The packet for a receiver: order, Task, patient, what the assessment rests on, and a page of
// text.
#pragma once

#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/referral_dialect.h"
#include "port/packet_print.h"

namespace meridian::fhir {

/// A transaction Bundle. Errors: not_found when order or patient are not among what may be sent;
/// malformed when letter.raw does not hold the records; those of `print`, which may be empty.
Result<Rendered> render_referral(const Letter& letter, const FieldProfile& profile,
                                 const PagePrinter& print = {},
                                 const ReferralDialect& dialect = {});

/// Puts letter.changed and the page in place of the receiver's copies, what is new before what
/// points to it. The value is the new Task.input. Errors: as render_referral.
Result<std::string> renew_packet(const Letter& letter, const FieldProfile& profile,
                                 const PagePrinter& print, BundleOut& bundle);

/// What follows a packet that named the patient in words only, once letter.patient_there is known:
/// a batch that ties Task, order and page to it and adds the records that waited. Errors: as above.
Result<Rendered> render_patient_linked(const Letter& letter, const FieldProfile& profile);

}  // namespace meridian::fhir
