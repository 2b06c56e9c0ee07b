// SPDX-License-Identifier: Apache-2.0
// Findings that a template writes as the name of a part and a grade: "Foramina: mild left, severe
// right".
#pragma once

#include <vector>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// The grades behind each head, as findings of its kind; "none" as one that is not there. A grade
/// before other words ("moderate narrowing") is no finding by itself: those are. `heads` are words
/// of parts whose grade says that they are narrow or worn. Pure.
std::vector<Candidate> findings_of_grades(const Scope& scope, const std::vector<Candidate>& heads);

/// "Pfirrmann: L3-L4 II, L4-L5 IV": the numbers of stages behind a name of `heads`; a stage at
/// which nothing is worn is `denied`. Pure.
std::vector<Candidate> findings_of_stages(const Scope& scope, const std::vector<Candidate>& heads);

/// "Canal stenosis: L3-L4 none, L4-L5 severe": the finding at the head is what its grades say.
void replace_by_grades(const Scope& scope, std::vector<Candidate>& found);

}  // namespace meridian::imaging
