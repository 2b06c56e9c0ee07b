// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/grades.h"

#include <algorithm>

namespace meridian::imaging {
namespace {

bool is_part_of_list(const Scope& scope, std::size_t at) {
  const auto& word = scope.word(at);
  return word == "@" || word == "(" || word == ")" || scope.names_side(at) ||
         scope.covers(Cue::location, at) || scope.covers(Cue::joining, at) ||
         scope.covers(Cue::worst, at);
}

/// The colon behind "Foramina", "Foramen right", "Facets L4-L5"; the end of the sentence for none.
std::size_t colon_behind(const Scope& scope, std::size_t at) {
  while (at < scope.end() && is_part_of_list(scope, at)) ++at;
  return at < scope.end() && scope.word(at) == ":" ? at : scope.end();
}

/// The word behind all that this cue covers from here: "mild to moderate".
std::size_t behind(Cue cue, const Scope& scope, std::size_t at) {
  while (at < scope.end() && scope.covers(cue, at)) ++at;
  return at;
}

/// Up to the next comma or grade there are only levels and sides.
bool stands_alone(const Scope& scope, std::size_t at) {
  for (; at < scope.end(); ++at) {
    const auto& word = scope.word(at);
    if (word == "," || word == "." || word == ";" || scope.covers(Cue::grade, at)) return true;
    if (scope.covers(Cue::grade_none, at)) return true;
    if (!is_part_of_list(scope, at)) return false;
  }
  return true;
}

/// What may stand behind the number of a stage: "IV, ", "4 at L4-L5"; not "1 anterolisthesis".
bool ends_stage(const Scope& scope, std::size_t at) {
  if (at >= scope.end()) return true;
  const auto& word = scope.word(at);
  const bool mark = word == "," || word == "." || word == ";" || word == "@" || word == ")";
  return mark || scope.covers(Cue::location, at) || scope.covers(Cue::joining, at);
}

}  // namespace

std::vector<Candidate> findings_of_stages(const Scope& scope, const std::vector<Candidate>& heads) {
  std::vector<Candidate> found;
  for (const auto& head : heads) {
    if (!scope.covers(Cue::staged, head.begin)) continue;
    for (auto at = scope.begin(); at < scope.end(); ++at) {
      const bool worn = scope.covers(Cue::stage, at);
      if ((!worn && !scope.covers(Cue::stage_none, at)) || !ends_stage(scope, at + 1)) continue;
      Candidate stage = head;
      stage.begin = at;
      stage.end = at + 1;
      stage.denied = !worn;
      found.push_back(stage);
    }
    if (!found.empty()) break;  // a second head has the same stages
  }
  return found;
}

std::vector<Candidate> findings_of_grades(const Scope& scope, const std::vector<Candidate>& heads) {
  std::vector<Candidate> found;
  for (const auto& head : heads) {
    const auto colon = colon_behind(scope, head.end);
    for (auto at = colon; at < scope.end(); ++at) {
      const bool inner = scope.word(at) == ":" && !is_part_of_list(scope, at - 1);
      if (at > colon && inner) break;  // "Foramina: patent. Facets: mild" is of the facets
      const bool none = scope.covers(Cue::grade_none, at);
      const auto end = behind(none ? Cue::grade_none : Cue::grade, scope, at);
      if (end == at) continue;
      if (stands_alone(scope, end)) {
        Candidate grade = head;
        grade.begin = at;
        grade.end = end;
        grade.clear = none;
        found.push_back(grade);
      }
      at = end - 1;
    }
  }
  return found;
}

void replace_by_grades(const Scope& scope, std::vector<Candidate>& found) {
  std::vector<Candidate> grades;
  const auto all = found;
  std::erase_if(found, [&](const Candidate& head) {
    const bool heads = head.end < scope.end() && scope.word(head.end) == ":";
    if (!heads || head.clear || head.denied) return false;
    auto of_head = findings_of_grades(scope, {head});
    const auto none = std::count_if(of_head.begin(), of_head.end(),
                                    [](const Candidate& grade) { return grade.clear; });
    if (none == 0 || of_head.size() < 2) return false;
    const bool named = head.weak && std::any_of(all.begin(), all.end(), [&](const Candidate& each) {
                         return !each.weak && each.begin < head.end && each.end == head.end;
                       });
    if (named) return true;  // the stenosis of "foraminal stenosis"
    for (auto& grade : of_head) grade.listed = grade.weak = false;
    grades.insert(grades.end(), of_head.begin(), of_head.end());
    return true;
  });
  found.insert(found.end(), grades.begin(), grades.end());
}

}  // namespace meridian::imaging
