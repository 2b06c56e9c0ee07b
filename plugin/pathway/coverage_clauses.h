// SPDX-License-Identifier: Apache-2.0
// What one clause of a coverage programme comes to.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "pathway/coverage.h"

namespace meridian {

struct Verdict {
  std::string status = "covered";  ///< covered: met; not_covered: fails; uncertain: open
  std::string why;                 ///< in words; empty when it is simply met
  std::set<std::string> evidence;
};

/// Applies the clause's test (see pathway/coverage.h); an unknown test is open. Adds to `missing`
/// what would settle it. Pure.
Verdict judge_clause(const CoverageClause& clause, const CoverageCase& coverage_case,
                     std::vector<Missing>& missing);

}  // namespace meridian
