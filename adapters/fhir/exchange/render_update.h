// SPDX-License-Identifier: Apache-2.0
// What a clinic hears after the packet: that the referral is cancelled, or a message.
#pragma once

#include "fhir/exchange/referral_dialect.h"
#include "port/packet_print.h"

namespace meridian::fhir {

/// A batch. A cancel sets the clinic's Task to what the dialect has for it; after the work has
/// begun an abort Task asks for it, where only the owner may end what is in progress (HL7 COW,
/// cancelling-and-modifying-requests). Anything else becomes a Communication about the Task and a
/// note on it; records that changed take the place of the receiver's copies. What people must read
/// comes first, so that a record that is refused keeps no warning back.
Result<Rendered> render_update(const Letter& letter, const FieldProfile& profile,
                               const PagePrinter& print, const ReferralDialect& dialect = {});

}  // namespace meridian::fhir
