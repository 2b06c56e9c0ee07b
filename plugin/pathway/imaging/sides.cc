// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/sides.h"

#include <algorithm>
#include <set>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_side = 6;

}  // namespace

std::string side_in(const Scope& scope, std::size_t begin, std::size_t end, bool central) {
  std::set<std::size_t> said;
  for (std::size_t side = 0; side < side_names.size(); ++side) {
    for (const auto& mark : scope.sides(side)) {
      if (mark.begin >= begin && mark.end <= end && (side < 3 || central)) said.insert(side);
    }
  }
  if (said.contains(2) || (said.contains(0) && said.contains(1))) return "bilateral";
  if (said.contains(0)) return "left";  // "left central" lies on the left
  if (said.contains(1)) return "right";
  return said.contains(3) ? "central" : "";
}

std::string side_of(const Scope& scope, const ImagingVocabulary& vocabulary, std::size_t index) {
  const auto& candidates = scope.candidates();
  const auto& candidate = candidates[index];
  const auto& sides = vocabulary.kinds[candidate.kind].sides;
  if (sides == "none") return {};
  const bool central = sides == "three";
  auto side = side_in(scope, candidate.begin, candidate.end, central);
  if (!side.empty()) return side;
  const auto before = index == 0 ? scope.begin() : candidates[index - 1].end;
  if (before < candidate.begin) side = side_in(scope, before, candidate.begin, central);
  if (!side.empty()) return side;
  auto after = std::min(scope.end(), candidate.end + words_to_side);
  if (index + 1 < candidates.size()) after = std::min(after, candidates[index + 1].begin);
  for (std::size_t at = candidate.end; at < after; ++at) {
    if (scope.word(at) == "," || scope.begins(Cue::linked, at)) after = at;
  }
  return candidate.end < after ? side_in(scope, candidate.end, after, central) : "";
}

}  // namespace meridian::imaging
