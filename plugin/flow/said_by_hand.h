// SPDX-License-Identifier: Apache-2.0
// What a person at the surgeon's side says of a referral: the patient never came, what the clinic
// asked is answered, it is cancelled, a clinic confirmed a recall by phone, the report was read
// elsewhere.
#pragma once

#include <optional>
#include <string_view>

#include "flow/intervene.h"
#include "routing/standing.h"

namespace meridian::flow {

/// lost, reply, cancel, confirm-recall, read; nothing for another action.
std::optional<routing::EventKind> said_by(std::string_view action);

/// What it comes to. Refused where the state machine does not allow it; `given.reason` is kept and
/// is what the clinic reads. Errors: not_found, invalid (no reason), store errors.
Result<Outlook> look_at_word(const Core& core, const Intervention& given, std::string_view by);

}  // namespace meridian::flow
