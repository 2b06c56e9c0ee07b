// SPDX-License-Identifier: Apache-2.0
// The levels that a sentence names.
#include <algorithm>
#include <optional>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_sacrum = 4;  ///< of "down to the"
constexpr std::size_t between_levels = 9;   ///< words of ", and, to a lesser degree, at the"
constexpr std::size_t words_beside = 8;     ///< of "to the solid posterior fusion of"
constexpr std::size_t words_to_range = 2;   ///< of "to", "and"
constexpr std::size_t words_to_fusion = 5;  ///< of "to S1 posterolateral"

}  // namespace

/// A level of the spine: no name of a root, and no weighting of an image.
bool Scope::is_level(std::size_t at) const {
  if (word(at) != "@") return false;
  if (covers(Cue::no_level, at) && !is_bound(at) && !is_in_candidate(at)) return false;
  if (is_beside_operation(at)) return false;
  const auto& row = text_.words[at].row;
  const bool image = std::all_of(row.begin(), row.end(), is_weighting);  // "T1/T2 signal"
  const bool slipped = at > begin() + 1 && word(at - 1) == "on" && word(at - 2) == "@";
  if (image && covers(Cue::weighting, at) && !slipped) return false;  // not "C7 on T1"
  return row.size() > 1 || is_in_opening(at) || !covers(Cue::root_level, at);
}

/// "in the right S1 foramen": an opening of the vertebra itself.
bool Scope::is_in_opening(std::size_t at) const {
  const auto vertebra = text_.words[at].row.front();
  if (!covers(Cue::foramen_level, at) || vertebra < level_at("S1")->row.front()) return false;
  for (; at > begin(); --at) {
    if (word(at - 1) == "in") return true;
    if (!covers(Cue::location, at - 1) && !names_side(at - 1)) return false;
  }
  return false;
}

/// "a transitional vertebra called L5": the finding's own words name it.
bool Scope::is_in_candidate(std::size_t at) const {
  return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
    return !candidate.extends && candidate.begin < at && at < candidate.end;
  });
}

/// "above the L4-S1 fusion", "below the L1 fracture": the level is only that finding's.
bool Scope::is_bound(std::size_t at) const {
  return covers(Cue::no_level, at) && candidate_begins(at + 1);
}

/// "adjacent to the solid L3-L5 fusion", "above instrumented L2-L4", "below the ACDF C4 to C6"
bool Scope::is_beside_operation(std::size_t at) const {
  const auto operated = [&](std::size_t from, std::size_t to) {
    return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& each) {
      return each.operation && each.begin < to && from < each.end;
    });
  };
  const auto parts = [&](std::size_t from, std::size_t to) {
    for (auto here = from; here < to; ++here) {
      const bool parting = word(here) == "," || word(here) == "(" || word(here) == "at";
      if (parting || ends_between(here, here + 1)) return true;
    }
    return false;
  };
  const auto& marks = cues(Cue::beside);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    if (mark.end > at || at - mark.end > words_beside || parts(mark.end, at)) return false;
    auto behind = at + 1;
    const auto last = std::min(end(), behind + words_to_fusion);
    while (behind < last && !parts(behind, behind + 1) && !begins(Cue::linked, behind)) ++behind;
    auto apart = at;  // "above the L4-L5 fusion L3-L4 bulges", but "above the fused L4 to S1"
    while (apart > mark.end && word(apart - 1) != "@") --apart;
    const bool first = apart == mark.end || at - apart < words_to_range;
    return first && operated(mark.end, behind);
  });
}

void Scope::take_operated(std::size_t at) {
  if (!operated_) operated_ = Place();
  const bool range = at > begin() && covers(Cue::range, at - 1) && !operated_->rows.empty();
  if (range) operated_->joined = Joined::range;
  operated_->rows.push_back(text_.words[at].row);
}

/// The vertebrae beside "the L5 foramen", "the upper endplate of L5".
Row Scope::row_beside(std::size_t at) const {
  if (word(at) != "@" || text_.words[at].row.size() > 1) return {};
  const auto vertebra = text_.words[at].row.front();
  if (covers(Cue::foramen_level, at)) return beside_foramen(vertebra);
  const bool upper = covers(Cue::upper_plate, at);
  const bool lower = covers(Cue::lower_plate, at);
  return upper == lower ? Row{} : beside_endplate(vertebra, upper);
}

/// "old L1 and new L3": what has an age of its own begins another place.
bool Scope::tells_age(std::size_t at) const {
  const auto begins_here = [&](const Candidate& age) { return age.begin == at; };
  return says_recent(at) || std::any_of(ages_.begin(), ages_.end(), begins_here);
}

/// "old fracture of T7, T11 is new", "..., T11 intact": of this level alone.
bool Scope::is_subject(std::size_t at) const {
  const bool plural = word(at + 1) == "are" || word(at + 1) == "were" || word(at + 1) == "have";
  const bool clear = std::any_of(candidates_.begin(), candidates_.end(),
                                 [&](const auto& each) { return each.clear && each.begin == at; });
  return clear || (begins(Cue::predicate, at + 1) && !plural) || tells_age(at + 1);
}

/// The next level of the same list, and how it is joined to the one before.
std::optional<std::size_t> Scope::next_level(std::size_t at, Joined& joined) const {
  if (at < end() && is_level(at)) return at;
  const bool first = !has_candidate(begin(), at);  // "moderate L3-L4 and severe L4-L5 stenosis"
  std::size_t next = at;
  while (next < end() && next - at < between_levels && word(next) != "@" &&
         (word(next) == "," || word(next) == "(" || word(next) == ")" ||
          covers(Cue::joining, next) || covers(Cue::range, next) || covers(Cue::slip, next) ||
          covers(Cue::location, next) ||
          ((first || word(next - 1) == "(") && next > at && covers(Cue::severity, next) &&
           !tells_age(next)))) {
    ++next;
  }
  if (next == at || next >= end() || !is_level(next)) return std::nullopt;
  const bool begun = candidate_begins(next) || candidate_begins(next + 1) || is_subject(next);
  const bool of_next = !first && word(at) == "," && next == at + 1 && begun;
  if (of_next) return std::nullopt;              // "node of L4, L5 haemangioma"
  const auto& before = text_.words[at - 1].row;  // "S1 lumbarised, S1-S2 disc": of the disc
  const auto& after = text_.words[next].row;
  const bool own = before.size() == 1 && after.size() == 2 && before.back() == after.front();
  if (own && word(at) == ",") return std::nullopt;
  const auto& ranges = cues(Cue::range);
  const bool to = std::any_of(ranges.begin(), ranges.end(), [&](const PhraseMark& mark) {
    return mark.begin == at && mark.end == next;  // "to", "down to"
  });
  if (covers(Cue::slip, at) && begins(Cue::slip, at)) {
    joined = Joined::slip;
  } else if (to) {
    joined = Joined::range;
  } else if (covers(Cue::location, at)) {
    return std::nullopt;  // "L4-L5 of L5": no list
  }
  return next;
}

/// "T12, L3 to L5": what stands before the first level of a range is a place of its own.
void Scope::part_range(PlaceMark& mark, std::size_t first) {
  if (mark.place.rows.size() == 1) return;
  auto before = mark;
  before.place.joined = Joined::listed;
  before.place.rows.pop_back();
  for (before.end = first; !is_level(before.end - 1);) --before.end;
  places_.push_back(before);
  mark.place.rows = {mark.place.rows.back()};
  mark.begin = first;
}

/// "from L3 to the sacrum", "between C4 and C7": ranges by other words.
void Scope::stretch(PlaceMark& mark) const {
  auto& place = mark.place;
  if (place.joined != Joined::listed) return;
  const bool apart = place.rows.size() == 2 && place.rows.back().size() == 1;
  if (apart && mark.begin > begin() && word(mark.begin - 1) == "between") {
    place.joined = Joined::range;
  }
  if (begins(Cue::downward, mark.end) && place.rows.back().back() < level_at("S1")->row.front()) {
    place.rows.push_back(level_at("S1")->row);
    place.joined = Joined::range;
  }
  if (place.rows.size() > 1 || !begins(Cue::range, mark.end)) return;
  for (auto at = mark.end; at < end() && at < mark.end + words_to_sacrum; ++at) {
    if (word(at) != "sacrum") continue;
    place.rows.push_back(level_at("S1")->row);
    place.joined = Joined::range;
    mark.end = at + 1;
  }
}

/// "L3, L5 and the left sacral ala", "the sacrum, L3 and T12": the sacrum is one of the list.
void Scope::take_sacrum(PlaceMark& mark) const {
  for (const auto& sacrum : cues(Cue::sacrum)) {
    const bool behind = sacrum.begin > mark.end;
    const auto from = behind ? mark.end : sacrum.end;
    const auto to = behind ? sacrum.begin : mark.begin;
    if (from >= to || !lists_on(from, to) || is_sacral(mark.place)) continue;
    // "fracture of L4 and sacral metastases": what follows is of the sacrum alone
    const bool other = has_candidate(sacrum.begin, sacrum.end + 1);
    if (other && (!behind || has_candidate(begin(), mark.begin))) continue;
    mark.place.sacrum = true;
    mark.begin = std::min(mark.begin, sacrum.begin);
    mark.end = std::max(mark.end, sacrum.end);
  }
}

bool Scope::is_number(std::size_t at) const {
  const auto& here = word(at);
  return !here.empty() && here.front() >= '0' && here.front() <= '9';
}

bool Scope::is_measure(std::size_t at) const {
  return is_number(at) && (word(at).ends_with('m') || covers(Cue::filler, at + 1));
}

/// A word that begins no statement of its own: a grade, a measure, "another".
bool Scope::is_light(std::size_t at) const {
  const auto& here = word(at);
  const bool mark = here == "," || here == "(" || here == ")" || here == "and";
  return is_number(at) || mark || covers(Cue::filler, at) || covers(Cue::joining, at) ||
         covers(Cue::location, at) || covers(Cue::severity, at) || covers(Cue::worst, at) ||
         names_side(at);
}

bool Scope::is_light_between(std::size_t from, std::size_t to) const {
  for (auto at = from; at < to; ++at) {
    auto close = at;  // "T2 (lytic), T7 (with soft tissue)"
    while (word(at) == "(" && close < to && word(close) != ")") ++close;
    if (close > at && close < to) {
      at = close;
    } else if (!is_light(at)) {
      return false;
    }
  }
  return true;
}

bool Scope::names_sacrum(const Candidate& candidate) const {
  const auto& marks = cues(Cue::sacrum);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    if (mark.begin >= 2 && (word(mark.begin - 1) == "to" || word(mark.begin - 2) == "to")) {
      return false;  // "L5 fused to the sacrum"
    }
    if (mark.begin < candidate.end) return mark.end >= candidate.begin;
    for (auto at = candidate.end; at < mark.begin; ++at) {
      const bool light = covers(Cue::location, at) || names_side(at);
      if (!light || word(at) == "and") return false;
    }
    return true;
  });
}

/// Nothing but words that stand in lists, and one that goes on with it.
bool Scope::lists_on(std::size_t from, std::size_t to) const {
  bool joins = false;
  for (auto at = from; at < to; ++at) {
    const bool joining = word(at) == "," || covers(Cue::joining, at);
    const bool light = covers(Cue::location, at) || covers(Cue::severity, at) || names_side(at);
    if (!joining && !light) return false;
    joins = joins || joining;
  }
  return joins;
}

/// "except at the L5-S1": only words of place between.
bool Scope::is_excepted(std::size_t at) const {
  const auto& marks = cues(Cue::exception);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool within = std::any_of(  // "a spondylotic bar at C5-C6"
        candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
          return candidate.begin <= mark.begin && mark.begin < candidate.end;
        });
    if (mark.end > at || within) return false;
    for (auto between = mark.end; between < at; ++between) {
      if (!covers(Cue::location, between) && !names_side(between)) return false;
    }
    return true;
  });
}

void Scope::find_places() {
  std::erase_if(places_, [&](const PlaceMark& mark) {  // "lateral and odontoid views"
    return within(Cue::no_level, {0, mark.begin, mark.end});
  });
  for (std::size_t at = begin(); at < end(); ++at) {
    if (auto row = row_beside(at); !row.empty()) {
      places_.push_back({{{std::move(row)}, Joined::listed}, at, at + 1, true});
    }
    if (word(at) == "@" && is_beside_operation(at)) take_operated(at);
    const bool disc = word(at) == "@" && text_.words[at].row.size() == 2;
    if (disc && covers(Cue::no_level, at)) named_ = {{text_.words[at].row}, Joined::listed};
    if (!is_level(at)) continue;
    PlaceMark mark;
    mark.begin = at;
    mark.place.rows.push_back(text_.words[at].row);
    while (const auto next = next_level(at + 1, mark.place.joined)) {
      if (mark.place.joined == Joined::range) part_range(mark, at);
      at = *next;
      mark.place.rows.push_back(text_.words[at].row);
      if (mark.place.joined == Joined::range) break;  // "T5 to T7 and L3"
    }
    mark.end = at + 1;
    mark.bound = is_bound(at);
    mark.excepted = is_excepted(mark.begin);
    stretch(mark);
    take_sacrum(mark);
    places_.push_back(std::move(mark));
  }
  std::sort(places_.begin(), places_.end(),
            [](const PlaceMark& a, const PlaceMark& b) { return a.begin < b.begin; });
  find_named_again();
}

/// "at L3-L4 and L4-L5, the latter with a fissure", "... at the level above": by a level told
/// before.
void Scope::find_named_again() {
  std::vector<PlaceMark> found;
  const auto find = [&](Cue cue) {
    for (const auto& mark : cues(cue)) {
      const auto next = std::find_if(places_.begin(), places_.end(), [&](const PlaceMark& place) {
        return place.begin >= mark.begin;
      });
      if (next == places_.begin()) continue;
      if (std::prev(next)->end == mark.begin) continue;  // "the L4-L5 level above"
      const auto& place = std::prev(next)->place;
      auto row = cue == Cue::latter   ? place.rows.back()
                 : cue == Cue::former ? place.rows.front()
                                      : disc_beside(place, cue == Cue::level_above);
      if (row.empty()) continue;  // above C1
      found.push_back({{{std::move(row)}, Joined::listed}, mark.begin, mark.end});
    }
  };
  find(Cue::latter);
  find(Cue::former);
  find(Cue::level_above);
  find(Cue::level_below);
  places_.insert(places_.end(), found.begin(), found.end());
  std::sort(places_.begin(), places_.end(),
            [](const PlaceMark& a, const PlaceMark& b) { return a.begin < b.begin; });
}

}  // namespace meridian::imaging
