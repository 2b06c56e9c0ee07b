// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/exceptions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pathway/imaging/sides.h"

namespace meridian::imaging {

void Exceptions::add(std::vector<Mention>& mentions) const {
  for (const auto& place : scope_.places()) {
    if (place.excepted) add_excepted(place, mentions);
  }
  for (const auto& mark : scope_.cues(Cue::none_here)) add_absent(mark, mentions);
}

/// "disc height preserved except at L5-S1"
void Exceptions::add_excepted(const PlaceMark& place, std::vector<Mention>& mentions) const {
  const auto& all = scope_.candidates();
  const auto next = std::find_if(all.begin(), all.end(),
                                 [&](const Candidate& each) { return each.begin >= place.begin; });
  if (all.empty()) return;
  const auto& last = next == all.begin() ? *next : *std::prev(next);  // "all but L5-S1 are normal"
  if (kind_of(last).levels == "none") return;
  const auto said = std::find_if(mentions.begin(), mentions.end(), [&](const Mention& each) {
    return each.kind == last.kind && each.negated && !each.historical;
  });
  if (said == mentions.end()) return;
  Mention there = *said;
  there.negated = false;
  there.side = side_in(scope_, last.end, scope_.end(), false);
  for (auto& mention : mentions) {
    if (mention.kind == last.kind && mention.negated) mention.side.clear();
  }
  for (auto& level : names_of_kind(place.place, kind_of(last).levels)) {
    there.level = std::move(level);
    std::erase_if(mentions, [&](const Mention& each) {
      return each.kind == there.kind && each.level == there.level && each.negated;
    });
    mentions.push_back(there);
  }
}

/// "severe at L4-L5, absent at L2-L3", "moderate on the right, none left"
void Exceptions::add_absent(const PhraseMark& mark, std::vector<Mention>& mentions) const {
  const auto& all = scope_.candidates();
  const auto next = std::find_if(all.begin(), all.end(),
                                 [&](const Candidate& each) { return each.end > mark.begin; });
  const auto at = mark.begin - 1;
  const bool answers =
      mark.begin > scope_.begin() &&  // ": none", "; none", "but not at L4-L5"
      (scope_.word(at) == ":" || scope_.word(at) == ";" || scope_.begins(Cue::scope_end, at));
  const auto until = answers ? at : mark.begin;  // "query abscess: no sign of it"
  if (next == all.begin() || scope_.ends_between(std::prev(next)->end, until)) return;
  const auto& last = told_last(std::prev(next));
  const auto said = std::find_if(mentions.begin(), mentions.end(), [&](const Mention& each) {
    return each.kind == last.kind && !each.negated;
  });
  if (said == mentions.end() || (kind_of(last).levels == "none" && names_place(mark))) return;
  if (denials_.is_operation(last)) return;  // "bone bridges L4-L5 but not L5-S1"
  Mention absent = *said;
  Mention throughout = *said;
  throughout.level.clear();
  const bool gone = answers && scope_.begins(Cue::rest, mark.begin);  // "; this has cleared"
  // "query abscess: no sign of it" is answered
  if (absent.historical || gone) mentions.erase(said);
  absent.negated = true;
  absent.historical = absent.requested = false;
  absent.certainty = "definite";
  absent.side = side_in(scope_, mark.begin, mark.end, false);
  if (absent.side.empty() && !says_it(mark)) absent.level.clear();
  std::vector<std::string> levels = {absent.level};
  for (const auto& place : scope_.places()) {
    const bool here = place.begin >= mark.begin && place.begin < mark.end;
    // "at C5-C6, not at C6-C7" of the cord: how far it reaches
    if (here && kind_of(last).levels == "none") return;
    if (here) levels = names_of_kind(place.place, kind_of(last).levels);
  }
  if (names_place(mark)) absent.kind = recent_kind(vocabulary_, absent.kind);
  bool taken = false;
  for (auto& level : levels) {
    taken |=
        0 < std::erase_if(mentions, [&](const Mention& each) {  // it was read as one of the list
          const bool same = recent_kind(vocabulary_, each.kind) == absent.kind;
          return same && each.level == level && absent.side.empty();
        });
    absent.level = std::move(level);
    mentions.push_back(absent);
  }
  const bool left = std::any_of(mentions.begin(), mentions.end(), [&](const Mention& each) {
    return each.kind == throughout.kind && !each.negated;
  });
  // "diffuse desiccation sparing L1-L2"
  if (taken && !left && names_place(mark) && !throughout.negated) mentions.push_back(throughout);
}

/// "resection of an ependymoma, no recurrence": of the tumour, not of the operation.
const Candidate& Exceptions::told_last(std::vector<Candidate>::const_iterator last) const {
  const auto& all = scope_.candidates();
  const auto operated = std::find_if(all.begin(), all.end(), [&](const Candidate& each) {
    const bool within = last->begin <= each.begin && each.end <= last->end;
    return within && !denials_.is_operation(each);
  });
  return denials_.is_operation(*last) && operated != all.end() ? *operated : *last;
}

bool Exceptions::names_place(const PhraseMark& mark) const {
  const auto& places = scope_.places();
  return std::any_of(places.begin(), places.end(), [&](const PlaceMark& place) {
    return place.begin >= mark.begin && place.begin < mark.end;
  });
}

bool Exceptions::says_it(const PhraseMark& mark) const {
  for (auto at = mark.begin; at < mark.end; ++at) {
    if (scope_.begins(Cue::pronoun, at)) return true;
  }
  return false;
}

const ImagingKind& Exceptions::kind_of(const Candidate& candidate) const {
  return vocabulary_.kinds[candidate.kind];
}

}  // namespace meridian::imaging
