// SPDX-License-Identifier: Apache-2.0
// Shows what is kept of a patient to a named person, and keeps that it was shown.
#pragma once

#include <string>
#include <string_view>

#include "flow/core.h"

namespace meridian::flow {

/// `what` is "delivery/7", "message/ID", "referral/ID" or "explanation/ID" (of a referral). The
/// value is one JSON object with patient data. It is audited as PatientRead before anything is
/// given out, with the reason, a word, when there is one. Errors: not_found, invalid, store errors.
Result<std::string> reveal(const Core& core, std::string_view what, std::string_view by,
                           std::string_view reason = {});

}  // namespace meridian::flow
