// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/mentions.h"

#include <algorithm>

namespace meridian::imaging {

void add_another(const Scope& scope, const ImagingVocabulary& vocabulary, const PhraseMark& mark,
                 std::vector<Mention>& mentions) {
  const auto& places = scope.places();
  const auto place = std::find_if(places.begin(), places.end(),
                                  [&](const PlaceMark& each) { return each.begin >= mark.end; });
  if (place == places.end() || scope.ends_between(mark.end, place->begin)) return;
  if (scope.has_candidate(mark.begin, scope.end())) return;
  const auto is_there = [&](const Mention& each) {
    const bool now = !each.negated && !each.historical && !each.level.empty();
    return now && vocabulary.kinds[each.kind].levels == "vertebra";
  };
  const auto last = std::find_if(mentions.rbegin(), mentions.rend(), is_there);
  if (last == mentions.rend()) return;
  auto another = *last;
  for (auto& level : names_of_kind(place->place, "vertebra")) {
    const bool told = std::any_of(mentions.begin(), mentions.end(),
                                  [&](const Mention& each) { return each.level == level; });
    another.level = std::move(level);
    if (!told) mentions.push_back(another);
  }
}

void forget(std::vector<Mention>& mentions, const Mention& absent, bool gone) {
  std::erase_if(mentions, [&](const Mention& earlier) {
    const bool same = earlier.kind == absent.kind && earlier.level == absent.level;
    return same && !earlier.negated && (gone || earlier.historical);
  });
}

bool is_lesser_likely(const Mention& doubted, const std::vector<Mention>& mentions) {
  return doubted.negated && doubted.certainty == "probable" &&
         std::any_of(mentions.begin(), mentions.end(), [&](const Mention& told) {
           return told.kind == doubted.kind && !told.negated && !told.historical && !told.weak;
         });
}

void give_way(std::vector<Mention>& mentions, const Mention& absent) {
  std::erase_if(mentions, [&](const Mention& earlier) {
    const bool same = earlier.kind == absent.kind && earlier.level == absent.level;
    return same && earlier.weak && !earlier.negated;
  });
}

}  // namespace meridian::imaging
