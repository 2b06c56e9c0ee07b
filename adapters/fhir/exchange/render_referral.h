// SPDX-License-Identifier: Apache-2.0
// The packet for a clinic: order, Task, patient, what the assessment rests on, and a page of text.
#pragma once

#include "port/ports.h"

namespace meridian::fhir {

/// A transaction Bundle. Errors: not_found when order or patient are not among what may be sent;
/// malformed when letter.raw does not hold the records.
Result<Rendered> render_referral(const Letter& letter, const FieldProfile& profile);

}  // namespace meridian::fhir
