// SPDX-License-Identifier: Apache-2.0
// What an id that somebody has in hand stands for.
#pragma once

#include <string_view>

#include "flow/core.h"
#include "port/site_view.h"

namespace meridian::flow {

/// The id of a referral, of a message or of a conversation (X-Correlation-Id; its newest referral);
/// the number of a delivery; the number of an order, as
/// "ServiceRequest/5", "5", or with its hospital before it, "tamarack-ridge ServiceRequest/5".
/// Errors: not_found, store errors.
Result<Found> find(const Core& core, std::string_view text);

}  // namespace meridian::flow
