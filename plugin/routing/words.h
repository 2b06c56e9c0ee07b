// SPDX-License-Identifier: Apache-2.0
// A receiver's place in the order, in words that a nurse or a network engineer understands.
#pragma once

#include <string>

#include "routing/ask.h"
#include "routing/requirements.h"

namespace meridian::routing {

/// Why a fitting receiver stands where it stands: distance, licence, network, pace, share; and what
/// is not stated.
std::string standing_words(const Look& look, const Load* load);

/// Why it was left out.
std::string refusal_words(const Look& look);

}  // namespace meridian::routing
