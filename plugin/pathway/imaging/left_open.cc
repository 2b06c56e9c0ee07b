// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/left_open.h"

#include <algorithm>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_no = 3;  ///< "no larger one at"

/// "one at", and not "no other one at".
bool says(const Scope& scope, const PhraseMark& mark) {
  const auto& denials = scope.cues(Cue::negation);
  return std::none_of(denials.begin(), denials.end(), [&](const PhraseMark& denial) {
    return denial.end <= mark.begin && mark.begin - denial.end < words_to_no;
  });
}

}  // namespace

bool is_told_on(const Scope& scope, const Candidate& denied) {
  const auto& marks = scope.cues(Cue::elliptic);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin > denied.end && says(scope, mark) && scope.parted(denied.end, mark.begin) &&
           !scope.has_candidate(denied.end, mark.end);
  });
}

bool is_elliptic(const Scope& scope) {
  const auto& marks = scope.cues(Cue::elliptic);
  return scope.candidates().empty() &&
         std::any_of(marks.begin(), marks.end(),
                     [&](const PhraseMark& mark) { return says(scope, mark); });
}

}  // namespace meridian::imaging
