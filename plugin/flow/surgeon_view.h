// SPDX-License-Identifier: Apache-2.0
// The referrals of one patient as the surgeon who ordered them sees them in the EHR.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/core.h"
#include "port/caller.h"
#include "port/surgeon_view.h"

namespace meridian::flow {

/// "tamarack-ridge/Practitioner/9": the surgeon in the audit.
std::string audited(const Caller& surgeon);

/// The same behind the name, as the log and whoever reads it names them.
std::string signature(const Caller& surgeon);

/// Operations::surgeon_view. Where a report is shown, the event log says once that it was read.
/// Errors: store errors, the reader's.
Result<std::vector<SurgeonReferral>> surgeon_view(const Core& core, const Caller& surgeon,
                                                  std::string_view patient);

/// One of them; nothing keeps in the audit that it was seen. Errors: not_found, as above.
Result<SurgeonReferral> surgeon_referral(const Core& core, const Caller& surgeon,
                                         std::string_view patient, const ReferralId& id);

}  // namespace meridian::flow
