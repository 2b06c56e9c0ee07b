// SPDX-License-Identifier: Apache-2.0
// What a surgeon does about a referral inside the EHR, by the paths that pages and commands take.
#pragma once

#include <string_view>

#include "flow/core.h"
#include "port/desk.h"

namespace meridian::flow {

/// Operations::surgeon_act. `operations` are those of the same core; acknowledging is theirs.
Result<void> surgeon_act(const Core& core, Inlet& inlet, Operations& operations,
                         const Caller& surgeon, std::string_view patient,
                         const SurgeonGiven& given);

}  // namespace meridian::flow
