// SPDX-License-Identifier: Apache-2.0
// Levels that head a line of a report.
#pragma once

#include <optional>
#include <vector>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// The sentence is nothing but a level: "L4-L5", "At the L4-L5 level:". Pure.
bool is_heading(const Scope& scope);

/// The sentence begins with a level that holds for all of its line: "L4-L5: ...". Pure.
bool heads_line(const Scope& scope);

/// Nothing but a grade and levels: "Moderate at L3-L4.", "it is worse at L4-L5", "another in T8":
/// what was told last is there, too. Pure.
bool is_grade(const Scope& scope);

/// Nothing but levels, and words that stand in a list of them: "L3-L4, L4-L5", "T7, right pedicle".
bool is_list(const Scope& scope);

/// "None is seen.", "L2-L3 spared.", "L5: clear", but not "L1 uptake of 2023 has resolved": of
/// another thing. Pure.
bool is_absence(const Scope& scope);

/// "L5-S1 clear.": an absence that is only one of what its heading named. Pure.
bool is_clear_disc(const Scope& scope);

/// The place that what follows may mean: a disc before "behind the body of L5", "above the L4-S1
/// fusion" never. Pure.
std::optional<Place> place_told(const Scope& scope, bool heads);

}  // namespace meridian::imaging
