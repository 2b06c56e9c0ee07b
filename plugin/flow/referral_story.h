// SPDX-License-Identifier: Apache-2.0
// One referral for the operations page.
#pragma once

#include "flow/core.h"
#include "port/site_view.h"

namespace meridian::flow {

/// Without patient data. Errors: not_found, store errors, a reader's.
Result<ReferralStory> story_of(const Core& core, const ReferralId& id);

}  // namespace meridian::flow
