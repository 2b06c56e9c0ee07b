// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/level_lists.h"

#include <algorithm>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_level = 7;  ///< of "is seen on the right at the" before its level
constexpr std::size_t words_to_part = 6;   ///< of "of the posterior arch of the"
constexpr std::size_t words_of_own = 3;    ///< so far before its finding a level may stand

}  // namespace

bool LevelLists::directly_before(const Candidate& candidate, const PlaceMark& place) const {
  if (place.begin < candidate.end) return false;
  if (is_part_of(candidate.end, place)) return true;
  if (place.begin - candidate.end > words_to_level) return false;
  if (scope_.word(candidate.end) == "and" && is_owned(place)) return false;
  bool located = place.begin == candidate.end && !is_owned(place);
  for (std::size_t at = candidate.end; at < place.begin; ++at) {
    const bool light = scope_.covers(Cue::location, at) || scope_.covers(Cue::worst, at) ||
                       scope_.covers(Cue::filler, at) || scope_.names_side(at) ||
                       scope_.word(at) == "(" || scope_.word(at) == ")";
    if (!light) return false;
    located = true;
  }
  return located;
}

/// "of the posterior arch of L1"
bool LevelLists::is_part_of(std::size_t begin, const PlaceMark& place) const {
  if (place.begin - begin > words_to_part || scope_.word(begin) != "of") return false;
  return !is_owned(place) && !scope_.parted(begin, place.begin) &&
         !scope_.has_candidate(begin, place.begin);
}

bool LevelLists::own(const PlaceMark& place, const Candidate& candidate) const {
  return candidate.begin - place.end <= words_of_own && !scope_.parted(place.end, candidate.begin);
}

bool LevelLists::is_owned(const PlaceMark& place) const {
  const auto& candidates = scope_.candidates();
  return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& each) {
    const bool inside = each.begin <= place.begin && place.begin < each.end;  // "L4-L5 narrowed"
    const bool with = scope_.begins(Cue::linked, place.end);  // "narrowing C4-C7 with spurs"
    return inside || (each.begin >= place.end && own(place, each) && !with);
  });
}

bool LevelLists::fits(const PlaceMark& place, bool between) const {
  const auto& places = scope_.places();
  const bool pairs = std::any_of(places.begin(), places.end(),
                                 [](const PlaceMark& each) { return is_pair(each.place); });
  if (place.foramen && !between) return false;
  return !between || is_pair(place.place) || !pairs;
}

/// "and at", "and moderate at the": right before the place.
bool LevelLists::joined_by_and(const PlaceMark& before, const PlaceMark& place) const {
  for (std::size_t at = place.begin - 1; at > before.end; --at) {
    if (scope_.word(at) == "and") return at + 1 < place.begin;
    const bool light = scope_.covers(Cue::location, at) || scope_.covers(Cue::severity, at) ||
                       scope_.names_side(at);
    if (!light) return false;
  }
  return before.end < place.begin && scope_.word(before.end) == "and";
}

/// "stenosis L2-L3 mild, L3-L4 moderate", "fractures of T12 (20 %) and, less severe, of L2"
bool LevelLists::graded(const PlaceMark& before, const PlaceMark& place,
                        const Candidate& candidate) const {
  // "L1 loss of height 1/3, L3 1/4": behind all words of the finding
  const bool inside = candidate.begin <= before.begin && before.end <= candidate.end;
  const auto from = inside && candidate.end <= place.begin ? candidate.end : before.end;
  return scope_.is_light_between(from, place.begin) && !leads_on(place);
}

/// "arthropathy L3-L4 mild, L4-L5 severe with a cyst, L5-S1 moderate": what a level has besides
/// ends with the comma, and the next has nothing of its own.
bool LevelLists::goes_on_behind(const PlaceMark& before, const PlaceMark& place) const {
  auto link = before.end;
  while (link < place.begin && !scope_.begins(Cue::linked, link) &&
         scope_.is_light_between(link, link + 1)) {
    ++link;
  }
  if (link == place.begin || !scope_.begins(Cue::linked, link)) return false;
  auto comma = place.begin;
  while (comma > link && scope_.word(comma) != ",") --comma;
  return comma > link && !scope_.ends_between(link, place.begin) &&
         scope_.is_light_between(comma, place.begin) && is_bare(place);
}

bool LevelLists::is_bare(const PlaceMark& place) const {
  auto at = place.end;
  while (at < scope_.end() && scope_.word(at) != "," && scope_.word(at) != "." &&
         !scope_.begins(Cue::linked, at)) {
    if (!scope_.is_light_between(at, at + 1)) return false;
    ++at;
  }
  return !scope_.has_candidate(place.end, at);
}

/// "L3-L4 severe stenosis with crowded roots, L4-L5 moderate, L5-S1 mild"
bool LevelLists::is_graded_again(const PlaceMark& place, const Candidate& candidate) const {
  const auto graded = [&](std::size_t at) {
    return at > scope_.begin() && scope_.covers(Cue::severity, at - 1);
  };
  if (place.begin <= candidate.end || !graded(candidate.begin)) return false;
  const bool alone = scope_.covers(Cue::severity, place.end) && is_bare(place);
  const auto& before = scope_.word(place.begin - 1);
  const auto& all = scope_.candidates();
  return alone && (before == "," || before == "and") &&
         std::none_of(all.begin(), all.end(), [&](const Candidate& each) {
           return each.begin >= candidate.end && each.end <= place.begin && graded(each.begin);
         });
}

/// "and at L5-S1 a bulge": a finding begins with it, without "with".
bool LevelLists::leads_on(const PlaceMark& place) const {
  const auto& candidates = scope_.candidates();
  return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& each) {
    return each.begin >= place.end && own(place, each) && !scope_.links(place.end, each.begin);
  });
}

/// "fractures L1-L2", "L1-L2 transverse process fractures": of each vertebra.
bool LevelLists::is_of_bodies(const PlaceMark& place, const Candidate& candidate) const {
  const bool inside = place.begin < candidate.end && candidate.begin < place.end;
  if (!inside && !directly_before(candidate, place) && !own(place, candidate)) return false;
  const auto& marks = scope_.cues(Cue::bodies);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool within = mark.begin < candidate.end && candidate.begin < mark.end;
    return within || (mark.begin >= place.end && mark.begin < place.end + words_of_own);
  });
}

std::vector<std::string> LevelLists::names_in(const PlaceMark& mark, const Candidate& candidate,
                                              const std::string& levels) const {
  auto place = mark.place;
  if (levels == "vertebra" && place.joined == Joined::listed && is_of_bodies(mark, candidate)) {
    std::vector<Row> bodies;
    for (const auto& row : place.rows) {
      const bool pair = row.size() == 2 && is_one_disc({{row}, Joined::listed});
      for (std::size_t i = 0; pair && i < row.size(); ++i) bodies.push_back({row[i]});
      if (!pair) bodies.push_back(row);
    }
    place.rows = std::move(bodies);
  }
  return names_of_kind(place, levels);
}

/// "T7 grade 1, T9 grade 2 fractures": the first place of the list that ends at `mark`.
std::size_t LevelLists::first_of_list(std::size_t mark, const Candidate& candidate) const {
  const auto& places = scope_.places();
  const auto& all = scope_.candidates();
  const auto of_another = [&](const Candidate& each) {  // "two lesions, L3 and T9, metastases"
    const bool same = each.kind == candidate.kind && each.weak;
    const bool heads = same && each.end <= places.front().begin && each.end < candidate.begin;
    return each.begin < places[mark].begin && !heads;
  };
  while (mark > 0 && places[mark - 1].end < places[mark].begin &&
         std::none_of(all.begin(), all.end(), of_another) &&
         scope_.is_light_between(places[mark - 1].end, places[mark].begin)) {
    --mark;
  }
  return mark;
}

std::vector<std::string> LevelLists::names_at(const PlaceMark& mark, const Candidate& candidate,
                                              const std::string& levels) const {
  const auto& places = scope_.places();
  const auto index = static_cast<std::size_t>(&mark - places.data());
  const auto* last = &places[first_of_list(index, candidate)];
  auto names = names_in(*last, candidate, levels);
  for (const auto& place : places) {
    if (place.begin <= last->end || (place.foramen && levels == "vertebra")) continue;
    const bool goes_on =
        (joined_by_and(*last, place) || graded(*last, place, candidate) || &place <= &mark) &&
        (&place <= &mark || !leads_on(place)) && !scope_.has_candidate(last->end, place.begin);
    const bool behind = candidate.end <= mark.begin && &place > &mark;
    const bool again = mark.end <= candidate.begin && is_graded_again(place, candidate);
    if (!goes_on && !again && !(behind && goes_on_behind(*last, place))) break;
    last = &place;
    if (!fits(place, levels != "vertebra")) continue;  // "L3-L4 right (L3), L4-L5 right"
    for (auto& name : names_in(place, candidate, levels)) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace meridian::imaging
