// SPDX-License-Identifier: Apache-2.0
// Whether a finding without a level of its own is at the level that was told before.
#pragma once

#include <string>

#include "pathway/imaging/finding_levels.h"

namespace meridian::imaging {

/// The finding is at the level that its line or the sentence before it told. Pure.
bool carries(const Scope& scope, const CarriedPlace& carried, const Candidate& candidate,
             const std::string& levels, const Denial& denial);

/// "at this level", "at these levels", "there", from the word `from` on. Pure.
bool refers_back(const Scope& scope, std::size_t from);

}  // namespace meridian::imaging
