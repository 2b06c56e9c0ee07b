// SPDX-License-Identifier: Apache-2.0
// The known word that a mistyped one is closest to.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace meridian::host {

/// The word at most two edits away (Levenshtein), or "" when there is none.
std::string nearest(std::string_view word, const std::set<std::string, std::less<>>& known);

}  // namespace meridian::host
