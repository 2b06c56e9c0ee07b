// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/finding_levels.h"

#include <algorithm>

#include "pathway/imaging/carried_level.h"
#include "pathway/imaging/level_lists.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_of_own = 3;  ///< so far before its finding a level may stand
constexpr std::size_t most_of_rest = 6;  ///< bodies; more are the whole region

class Finder {
 public:
  Finder(const Scope& scope, const CarriedPlace& carried)
      : scope_(scope), carried_(carried), lists_(scope) {}

  std::vector<std::string> of(const Candidate& candidate, const std::string& levels,
                              const Denial& denial) const {
    const bool between = levels != "vertebra";
    const Place* place = nullptr;
    if (const auto beside = level_beside();
        beside && between && levels != "none" && scope_.places().empty()) {
      return names_of_kind(*beside, levels);
    }
    if (candidate.operation && scope_.operated()) return names_of_kind(*scope_.operated(), levels);
    if (levels == "none") {
      return {""};
    } else if (!scope_.places().empty() && !is_at_told(candidate)) {
      const auto* mark = place_of(candidate, levels, denial);
      if (mark != nullptr && levels == "slip" && !is_pair(mark->place)) {
        const bool of_none = denial.negated && !denial.beside && !is_subject(*mark, candidate);
        return {slipped_at(*mark, of_none)};
      }
      const bool behind = mark != nullptr && between && mark->place.rows.size() == 1 &&
                          !is_pair(mark->place) && carried_.heads && carried_.place &&
                          is_pair(*carried_.place);
      if (behind) return names_of_kind(*carried_.place, levels);  // "L4-L5: fragment behind L5"
      if (mark != nullptr && !between && is_of_sacrum(candidate, *mark)) return {""};
      if (mark != nullptr) {
        auto names = denial.negated && mark->end <= candidate.begin
                         ? lists_.names_in(*mark, candidate, levels)
                         : lists_.names_at(*mark, candidate, levels);
        if (!denial.negated || names.size() <= most_of_rest ||
            !is_of_rest(scope_.begin(), candidate))
          return names;
        return {""};  // "no other fracture T4-L4"
      }
      if (!between && !denial.negated) {
        if (const auto* opening = foramen_beside()) return names_of_kind(body_of(*opening), levels);
      }
    } else if ((between || !scope_.names_sacrum(candidate)) && !is_multilevel(candidate) &&
               carries(scope_, carried_, candidate, levels, denial)) {
      place = &*carried_.place;
      if (levels == "slip" && !is_pair(*place) &&
          place->rows.size() == 1) {  // "L5 pars defects. Grade 1 slip."
        return {disc_of_slip(place->rows.front().front(), false)};
      }
    }
    return place == nullptr ? std::vector<std::string>{""} : names_of_kind(*place, levels);
  }

 private:
  /// "schwannoma in the left L2 foramen": the only place that is told.
  const PlaceMark* foramen_beside() const {
    const auto& places = scope_.places();
    const bool only = places.size() == 1 && places.front().foramen;
    return only && scope_.covers(Cue::foramen_level, places.front().begin) ? &places.front()
                                                                           : nullptr;
  }

  static Place body_of(const PlaceMark& opening) {
    return {{{opening.place.rows.front().front()}}, Joined::listed};
  }

  /// "Fracture of T9. Tumour at this level, cord oedema T8-T10": at the level told before.
  bool is_at_told(const Candidate& candidate) const {
    const auto first = scope_.places().front().begin;
    if (!carried_.place || first < candidate.end) return false;
    const auto last = std::min(candidate.end + words_of_own, first);
    for (auto at = candidate.end; at < last; ++at) {
      if (scope_.parted(candidate.end, at)) return false;
      const bool told = scope_.word(at + 1) == "this" || scope_.word(at + 1) == "that";
      if (scope_.word(at) == "at" && told) return scope_.word(at + 2) == "level";
    }
    return false;
  }

  /// "L4 fracture and a left sacral ala fracture": the level before is not that of the sacrum.
  bool is_of_sacrum(const Candidate& candidate, const PlaceMark& mark) const {
    const Place upper = {{{mark.place.rows.front().front()}}, Joined::listed};
    const bool joint = is_one_disc(mark.place) && !is_sacral(upper);  // "to the L5-S1 facet"
    if (mark.place.sacrum || (is_sacral(mark.place) && !joint)) return false;
    const bool apart = mark.begin >= candidate.end && lists_.is_owned(mark) &&
                       scope_.parted(candidate.end, mark.begin);
    return (mark.begin < candidate.begin || apart || joint) && scope_.names_sacrum(candidate);
  }

  /// "The level above is normal.", "stenosis at the latter": of the level told before.
  std::optional<Place> level_beside() const {
    for (const auto cue : {Cue::former, Cue::latter}) {
      const auto& marks = scope_.cues(cue);
      const bool several = carried_.place && carried_.place->rows.size() > 1 &&
                           carried_.place->joined == Joined::listed;
      if (marks.empty() || !several) continue;
      const auto at = marks.front().begin;
      if (at > scope_.begin() && !scope_.covers(Cue::location, at - 1)) continue;
      const auto& rows = carried_.place->rows;
      return Place{{cue == Cue::former ? rows.front() : rows.back()}, Joined::listed};
    }
    const bool above = tells_beside(Cue::level_above);
    const bool below = tells_beside(Cue::level_below);
    if (above == below || !carried_.place) return std::nullopt;
    auto row = disc_beside(*carried_.place, above);
    if (row.empty()) return std::nullopt;
    return Place{{std::move(row)}, Joined::listed};
  }

  /// "the level above", and not "the L4-L5 level above".
  bool tells_beside(Cue cue) const {
    const auto& marks = scope_.cues(cue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      const auto& places = scope_.places();
      return std::none_of(places.begin(), places.end(),
                          [&](const PlaceMark& place) { return place.end == mark.begin; });
    });
  }

  const PlaceMark* place_of(const Candidate& candidate, const std::string& levels,
                            const Denial& denial) const {
    const bool between = levels != "vertebra";
    const bool slips = levels == "slip";
    const bool everywhere = is_multilevel(candidate);
    const PlaceMark* before = nullptr;
    const PlaceMark* after = nullptr;
    for (const auto& place : scope_.places()) {
      if (place.bound && place.end == candidate.begin) return &place;
      if (place.bound && !lists_.own(place, candidate)) continue;
      if (place.excepted && (denial.negated || !lists_.own(place, candidate))) continue;
      if (denial.negated && ends_view(place, candidate)) continue;
      const bool crossed = !between && !denial.negated && is_crossed(place);
      if (crossed && place.end <= candidate.begin) return &place;
      // "L4-L5: node of L5"
      if (!between && heads(place) && is_one_disc(place.place) && !crossed) continue;
      const bool slip = slips && lists_.directly_before(candidate, place);  // "L1 on L2 and of L3"
      if (!lists_.fits(place, between) && !slip) continue;
      if (place.begin < candidate.end && candidate.begin < place.end) return &place;
      if (brackets(place, candidate)) return &place;
      if (before != nullptr && each_headed(*before, candidate, place)) return before;
      if (lists_.directly_before(candidate, place) || lists(candidate, place)) return &place;
      if (place.end <= candidate.begin && !denial.instead) before = &place;
      if (place.begin >= candidate.end && after == nullptr) after = &place;
    }
    const bool ranges = before != nullptr && between && before->end == candidate.begin &&
                        is_pair(before->place);  // "L2-L3 to L4-L5 bulges, largest at L3-L4"
    if (after != nullptr && is_worst_at(candidate, *after) && !denial.negated) {
      return ranges ? before : after;
    }
    const bool of_told = after != nullptr && before == nullptr && denial.next_told &&
                         scope_.has_candidate(candidate.end, after->begin);
    if (of_told) return nullptr;  // "no fracture, known healed fracture of L2"
    const bool new_part = after != nullptr && scope_.parted(candidate.end, after->begin) &&
                          !scope_.is_light_between(candidate.end, after->begin);
    const bool of_another = after == nullptr || new_part || lists_.is_owned(*after) ||
                            scope_.has_candidate(candidate.end, after->begin);
    if (everywhere && of_another) return nullptr;  // "multilevel spondylosis, stenosis at L4-L5"
    // "decompression L3-L4 with a wide canal", but not "fracture of L1 with a wide canal"
    const bool fitting = !candidate.clear || (before != nullptr && is_pair(before->place));
    const bool beside = between && denial.beside && fitting;
    const bool same_clause = between && before != nullptr && is_pair(before->place) &&
                             !scope_.parted(before->end, candidate.begin);
    const bool apart =
        denial.apart && !beside && !same_clause && !refers_back(scope_, candidate.end);
    const bool own_head = before != nullptr && (heads(*before) || (between && !before->foramen));
    const bool judged = denial.negated && before != nullptr &&
                        ((!between && judges(*before, candidate)) || is_elsewhere(candidate) ||
                         is_of_rest(before->end, candidate));
    if (judged) before = nullptr;
    // "oedema at T3-T5, no fracture line"
    const bool beyond = !between && denial.negated && before != nullptr && !only_located(*before) &&
                        !heads(*before) && !refers_back(scope_, candidate.end) &&
                        denies_behind_comma(*before, candidate);
    if (beyond) before = nullptr;
    if (before != nullptr && leads(*before) && (!apart || own_head)) return before;
    // "oedema of T8 without a fracture line", "a lucency in L2, no lytic lesion"
    const bool clause = !between && denial.negated && before != nullptr && !leads(*before) &&
                        !denial.subject && !refers_back(scope_, candidate.end) &&
                        (denial.beside || denies_behind_comma(*before, candidate));
    if (clause) before = nullptr;
    if (before != nullptr && after != nullptr && lists_.own(*before, candidate)) return before;
    if (before != nullptr && (after == nullptr || linked(*before, candidate))) {
      return apart ? nullptr : before;
    }
    const bool of_other = new_part && !lists_alternatives(candidate.end, *after);
    if ((!between || candidate.clear) && denial.negated && of_other) {
      if (before == nullptr) return nullptr;
      after = nullptr;  // "laminoplasty C3-C6, canal wide, old signal of the cord at C4-C5"
    }
    const bool of_next = after != nullptr && before == nullptr && lists_.is_owned(*after) &&
                         scope_.parted(candidate.end, after->begin);
    // "no acute fracture, old L2 fracture", "spondylosis, L4-L5 protrusion"
    const bool of_comma = of_next && scope_.word(after->begin - 1) == ",";
    if (of_next && (denial.negated || of_comma)) return nullptr;
    if (after == nullptr || scope_.reaches(candidate.end, after->begin)) return after;
    const bool follows = !denial.negated && before == nullptr && !lists_.is_owned(*after) &&
                         !scope_.ends_between(candidate.end, after->begin);
    return follows ? after : before;
  }

  /// "multilevel disc and facet degeneration, most pronounced at L4-L5": of all told before.
  bool is_worst_at(const Candidate& candidate, const PlaceMark& place) const {
    if (scope_.ends_between(candidate.end, place.begin)) return false;
    for (auto at = place.begin; at > candidate.end; --at) {
      if (scope_.covers(Cue::worst, at - 1)) return true;
      if (!scope_.covers(Cue::location, at - 1)) return false;
    }
    return false;
  }

  /// "uptake T7 (linear, fracture), L5 (facet)": in brackets behind its level
  bool brackets(const PlaceMark& place, const Candidate& candidate) const {
    if (place.end >= candidate.begin || scope_.word(place.end) != "(") return false;
    auto at = place.end;
    while (at < scope_.end() && scope_.word(at) != ")" && scope_.word(at) != "@") ++at;
    return at >= candidate.end && at < scope_.end() && scope_.word(at) == ")";
  }

  /// "L3-L4 bulge L4-L5 prolapse left L5-S1 ok": each level stands before what it has.
  bool each_headed(const PlaceMark& before, const Candidate& candidate,
                   const PlaceMark& after) const {
    const bool beside = before.end == candidate.begin && after.begin > candidate.end;
    const bool pairs = is_pair(before.place) && is_pair(after.place);
    if (!beside || !pairs || scope_.places().front().begin != scope_.begin()) return false;
    for (auto at = candidate.end; at < after.begin; ++at) {
      if (!scope_.names_side(at)) return false;
    }
    return true;
  }

  /// "compression fractures: T6, T8, L2", "osteoid osteoma: 8 mm nidus in the lamina of L4",
  /// "disc bulges at three levels: L3-L4"
  bool lists(const Candidate& candidate, const PlaceMark& place) const {
    if (place.begin <= candidate.end) return false;
    const bool listed = scope_.word(candidate.end) == ":" || scope_.word(place.begin - 1) == ":";
    const auto& all = scope_.candidates();
    return listed && std::none_of(all.begin(), all.end(), [&](const Candidate& each) {
             const bool besides = lists_.is_bare(place) && scope_.links(place.end, each.begin);
             return each.begin >= candidate.end && !besides;
           });
  }

  /// "multilevel degenerative disc disease"
  bool is_multilevel(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::multilevel);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      const bool before =
          mark.end <= candidate.begin && candidate.begin - mark.end <= words_of_own &&
          !scope_.parted(mark.end, candidate.begin) && !scope_.has_candidate(mark.begin, mark.end);
      const bool around = mark.begin <= candidate.end && candidate.begin < mark.end;
      return before || around;  // "spondylosis deformans", "spondylosis throughout"
    });
  }

  /// The sentence begins with its level, or comes to it by "at": what follows is at that level.
  bool leads(const PlaceMark& place) const {
    if (heads(place) && is_one_disc(place.place)) return true;  // "L4-L5: bulge, L5-S1: normal"
    if (scope_.has_candidate(scope_.begin(), place.begin)) return false;
    if (only_located(place)) return true;
    if (place.begin <= scope_.begin() + 1) return false;
    const bool at = scope_.word(place.begin - 1) == "at" || scope_.word(place.begin - 2) == "at";
    return at;
  }

  /// "Vertebral bodies L1-L5": nothing before the level but words that lead to it.
  bool only_located(const PlaceMark& place) const {
    for (auto at = scope_.begin(); at < place.begin; ++at) {
      if (!scope_.covers(Cue::location, at) && !scope_.names_side(at)) return false;
    }
    return true;
  }

  /// "a lucency in L2, no lytic lesion"
  bool denies_behind_comma(const PlaceMark& place, const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::negation);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return mark.begin > place.end && mark.end <= candidate.begin &&
             scope_.word(mark.begin - 1) == "," && scope_.word(mark.begin) == "no";
    });
  }

  /// "no fracture, subluxation or dislocation at C1-C7": one list up to the level
  bool lists_alternatives(std::size_t from, const PlaceMark& place) const {
    return scope_.says_or(from, place.begin);
  }

  /// "no other fracture", behind `from`: "L4-L5 disc degenerate, the rest well hydrated"
  bool is_of_rest(std::size_t from, const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::elsewhere);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return mark.begin >= from && mark.begin <= candidate.begin &&
             !scope_.parted(mark.end, candidate.begin);
    });
  }

  /// "no malignant deposit is seen elsewhere"
  bool is_elsewhere(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::elsewhere);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return mark.begin >= candidate.end && !scope_.parted(candidate.end, mark.begin);
    });
  }

  /// "T12 fracture with oedema: osteoporotic, not metastatic": a conclusion behind a colon.
  bool judges(const PlaceMark& place, const Candidate& candidate) const {
    bool told = false;  // "the L2 focus has not grown: not a metastasis"
    for (auto at = place.end; at < candidate.begin; ++at) {
      told = told || scope_.begins(Cue::predicate, at);
      if (scope_.word(at) != ":" || at == place.end) continue;
      return told || scope_.has_candidate(scope_.begin(), at);
    }
    return false;
  }

  /// "no fracture down to T1", "to C6 no fracture": how far it was looked for.
  bool ends_view(const PlaceMark& place, const Candidate& candidate) const {
    auto at = place.begin;
    while (at > scope_.begin() && scope_.covers(Cue::location, at - 1) &&
           !scope_.covers(Cue::range, at - 1)) {
      --at;
    }
    if (at == scope_.begin() || !scope_.covers(Cue::range, at - 1)) return false;
    return place.begin >= candidate.end || scope_.begins(Cue::range, scope_.begin());
  }

  /// "L4-L5: ..."
  bool heads(const PlaceMark& place) const {
    return place.end < scope_.end() && scope_.word(place.end) == ":";
  }

  /// "C6-C7: fracture through all columns", "through the fused T9-T10 disc runs a fracture"
  bool is_crossed(const PlaceMark& place) const {
    if (!is_one_disc(place.place)) return false;
    const auto& marks = scope_.cues(Cue::crosses);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      if (heads(place)) return true;
      if (mark.end > place.begin || place.begin - mark.end > words_of_own) return false;
      for (auto at = mark.end; at < place.begin; ++at) {
        if (scope_.word(at) == "at" || scope_.parted(at, at + 1)) return false;
      }
      return true;
    });
  }

  /// "... at L4-L5 with facet arthropathy": what follows "with" is at the same level.
  bool linked(const PlaceMark& place, const Candidate& candidate) const {
    for (std::size_t at = place.end; at < candidate.begin; ++at) {
      if (scope_.begins(Cue::linked, at) || scope_.begins(Cue::negation, at)) return true;
    }
    return false;
  }

  /// "L5 has not slipped": the level is what the denial speaks of.
  bool is_subject(const PlaceMark& place, const Candidate& candidate) const {
    return place.begin == scope_.begin() && lists_.own(place, candidate);
  }

  /// "slip of L4", "anterolisthesis on S1"; but "L5 lysis, no slip" has no level of its own.
  std::string slipped_at(const PlaceMark& mark, bool negated) const {
    const auto vertebra = mark.place.rows.front().front();
    const bool on = mark.begin > scope_.begin() && scope_.covers(Cue::slip, mark.begin - 1);
    return negated ? "" : disc_of_slip(vertebra, on);
  }

  const Scope& scope_;
  const CarriedPlace& carried_;
  const LevelLists lists_;
};

}  // namespace

std::vector<std::string> levels_of(const Scope& scope, const CarriedPlace& carried,
                                   const Candidate& candidate, const std::string& levels,
                                   const Denial& denial) {
  return Finder(scope, carried).of(candidate, levels, denial);
}

}  // namespace meridian::imaging
