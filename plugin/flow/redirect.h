// SPDX-License-Identifier: Apache-2.0
// A person sends a referral to another receiver than the one it is with.
#pragma once

#include <string_view>

#include "flow/intervene.h"

namespace meridian::flow {

/// What it comes to: the requirements are looked at with the record as it is now, so this reads the
/// record. The change is work like any other: assess, route and render follow. Errors: not_found
/// (no such referral or receiver), those of the gatherer, store errors.
Result<Outlook> look_at_redirect(const Core& core, const Intervention& given, std::string_view by);

}  // namespace meridian::flow
