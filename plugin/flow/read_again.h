// SPDX-License-Identifier: Apache-2.0
// A message that was set aside is read again, as if it came now.
#pragma once

#include <string_view>

#include "flow/intervene.h"

namespace meridian::flow {

/// What reading it again comes to. Errors: not_found when it is not in quarantine; store errors.
Result<Outlook> look_at_message(const Core& core, const MessageId& id, std::string_view by);

}  // namespace meridian::flow
