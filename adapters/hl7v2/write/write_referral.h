// SPDX-License-Identifier: Apache-2.0
// The packet for a receiver as one REF: order, people, patient, what the assessment rests on, and
// a page of text.
#pragma once

#include "hl7v2/write/writing.h"
#include "port/ports.h"

namespace meridian::hl7v2 {

/// REF^I12. Errors: not_found when order or patient are not among what may be sent.
Result<Rendered> write_referral(const Writing& writing, const Letter& letter,
                                const FieldProfile& profile);

/// REF^I13, the whole packet as it is now with what changed in words.
Result<Rendered> write_referral_again(const Writing& writing, const Letter& letter,
                                      const FieldProfile& profile);

}  // namespace meridian::hl7v2
