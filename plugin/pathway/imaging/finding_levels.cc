// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/finding_levels.h"

#include <algorithm>

#include "pathway/imaging/carried_level.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_level = 7;  ///< of "is seen on the right at the" before its level
constexpr std::size_t words_to_part = 6;   ///< of "of the posterior arch of the"
constexpr std::size_t words_of_own = 3;    ///< so far before its finding a level may stand
constexpr std::size_t most_of_rest = 6;    ///< bodies; more are the whole region

class Finder {
 public:
  Finder(const Scope& scope, const CarriedPlace& carried) : scope_(scope), carried_(carried) {}

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
    } else if (!scope_.places().empty()) {
      const auto* mark = place_of(candidate, levels, denial);
      if (mark != nullptr && levels == "slip" && !is_pair(mark->place)) {
        const bool of_none = denial.negated && !denial.beside && !is_subject(*mark, candidate);
        return {slipped_at(*mark, of_none)};
      }
      const bool behind = mark != nullptr && between && mark->place.rows.size() == 1 &&
                          !is_pair(mark->place) && carried_.heads && carried_.place &&
                          is_pair(*carried_.place);
      if (behind) return names_of_kind(*carried_.place, levels);  // "L4-L5: fragment behind L5"
      if (mark != nullptr && levels == "foramen" && is_of_implant(*mark)) return {""};
      if (mark != nullptr && !between && is_of_sacrum(candidate, *mark)) return {""};
      if (mark != nullptr) {
        auto names = denial.negated && mark->end <= candidate.begin
                         ? names_in(*mark, candidate, levels)
                         : names_at(*mark, candidate, levels);
        if (!denial.negated || names.size() <= most_of_rest || !is_of_rest(candidate)) return names;
        return {""};  // "no other fracture T4-L4"
      }
    } else if ((between || !scope_.names_sacrum(candidate)) &&
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
  /// "L4 fracture and a left sacral ala fracture": the level before is not that of the sacrum.
  bool is_of_sacrum(const Candidate& candidate, const PlaceMark& mark) const {
    if (mark.place.sacrum || is_sacral(mark.place)) return false;
    const bool apart =
        mark.begin >= candidate.end && scope_.parted(candidate.end, mark.begin) && is_owned(mark);
    return (mark.begin < candidate.begin || apart) && scope_.names_sacrum(candidate);
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
    const bool above = !scope_.cues(Cue::level_above).empty();
    const bool below = !scope_.cues(Cue::level_below).empty();
    if (above == below || !carried_.place) return std::nullopt;
    auto row = disc_beside(*carried_.place, above);
    if (row.empty()) return std::nullopt;
    return Place{{std::move(row)}, Joined::listed};
  }

  const PlaceMark* place_of(const Candidate& candidate, const std::string& levels,
                            const Denial& denial) const {
    const bool between = levels != "vertebra";
    const bool slips = levels == "slip";
    const bool everywhere = is_multilevel(candidate);
    const PlaceMark* before = nullptr;
    const PlaceMark* after = nullptr;
    for (const auto& place : scope_.places()) {
      if (place.bound && !own(place, candidate)) continue;
      if (place.excepted && (denial.negated || !own(place, candidate))) continue;
      if (denial.negated && ends_view(place, candidate)) continue;
      const bool crossed = !between && !denial.negated && is_crossed(place);
      if (crossed && place.end <= candidate.begin) return &place;
      // "L4-L5: node of L5"
      if (!between && heads(place) && is_one_disc(place.place) && !crossed) continue;
      const bool slip = slips && directly_before(candidate, place);  // "L1 on L2 and of L3"
      if (!fits(place, between) && !slip) continue;
      if (place.begin < candidate.end && candidate.begin < place.end) return &place;
      if (before != nullptr && each_headed(*before, candidate, place)) return before;
      if (directly_before(candidate, place) || lists(candidate, place)) return &place;
      if (place.end <= candidate.begin && !denial.instead) before = &place;
      if (place.begin >= candidate.end && after == nullptr) after = &place;
    }
    if (after != nullptr && is_worst_at(candidate, *after) && !denial.negated) return after;
    const bool of_told = after != nullptr && before == nullptr && denial.next_told &&
                         scope_.has_candidate(candidate.end, after->begin);
    if (of_told) return nullptr;  // "no fracture, known healed fracture of L2"
    const bool new_part = after != nullptr && scope_.parted(candidate.end, after->begin) &&
                          !scope_.is_light_between(candidate.end, after->begin);
    const bool of_another = after == nullptr || new_part || is_owned(*after) ||
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
                        ((!between && judges(*before, candidate)) || is_elsewhere(candidate));
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
    if (before != nullptr && after != nullptr && own(*before, candidate)) return before;
    if (before != nullptr && (after == nullptr || linked(*before, candidate))) {
      return apart ? nullptr : before;
    }
    const bool of_other = new_part && !lists_alternatives(candidate.end, *after);
    if (!between && denial.negated && before == nullptr && of_other) return nullptr;
    const bool of_next = after != nullptr && before == nullptr && is_owned(*after) &&
                         scope_.parted(candidate.end, after->begin);
    if (of_next && denial.negated) return nullptr;  // "no acute fracture, old L2 fracture"
    if (after == nullptr || scope_.reaches(candidate.end, after->begin)) return after;
    const bool follows = !denial.negated && before == nullptr && !is_owned(*after) &&
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

  /// "disc bulge is seen at the L4-L5 level", "fracture (L1)": nothing but location words between.
  bool directly_before(const Candidate& candidate, const PlaceMark& place) const {
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
  bool is_part_of(std::size_t begin, const PlaceMark& place) const {
    if (place.begin - begin > words_to_part || scope_.word(begin) != "of") return false;
    return !is_owned(place) && !scope_.parted(begin, place.begin) &&
           !scope_.has_candidate(begin, place.begin);
  }

  /// "compression fractures: T6, T8, L2", "osteoid osteoma: 8 mm nidus in the lamina of L4",
  /// "disc bulges at three levels: L3-L4"
  bool lists(const Candidate& candidate, const PlaceMark& place) const {
    if (place.begin <= candidate.end) return false;
    const bool listed = scope_.word(candidate.end) == ":" || scope_.word(place.begin - 1) == ":";
    const auto& all = scope_.candidates();
    return listed && std::none_of(all.begin(), all.end(), [&](const Candidate& each) {
             const bool besides = is_bare(place) && scope_.links(place.end, each.begin);
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
    for (auto at = from; at < place.begin; ++at) {
      if (scope_.word(at) == "or" || scope_.word(at) == "nor") return true;
    }
    return false;
  }

  /// "no other fracture"
  bool is_of_rest(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::elsewhere);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return mark.end <= candidate.begin && !scope_.parted(mark.end, candidate.begin);
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
    for (auto at = place.end + 1; at < candidate.begin; ++at) {
      if (scope_.word(at) == ":") return scope_.has_candidate(scope_.begin(), at);
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

  /// "a new T10 compression fracture": the level is the finding's own.
  bool own(const PlaceMark& place, const Candidate& candidate) const {
    return candidate.begin - place.end <= words_of_own &&
           !scope_.parted(place.end, candidate.begin);
  }

  /// Another finding follows the level so closely that the level is its own.
  bool is_owned(const PlaceMark& place) const {
    const auto& candidates = scope_.candidates();
    return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& each) {
      return each.begin >= place.end && own(place, each);
    });
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

  /// "the left L5 screw touches the root", "screw of L5": what is there is an implant.
  bool is_of_implant(const PlaceMark& place) const {
    if (is_pair(place.place)) return false;
    const auto& marks = scope_.cues(Cue::residue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      const bool before = mark.end <= place.begin && place.begin - mark.end <= words_of_own &&
                          !scope_.parted(mark.end, place.begin);
      const bool behind = mark.begin >= place.end && mark.begin - place.end <= words_of_own &&
                          !scope_.parted(place.end, mark.begin);
      return (before || behind) && is_of_operation(mark);
    });
  }

  bool is_of_operation(const PhraseMark& mark) const {
    const auto& candidates = scope_.candidates();
    return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& each) {
      return each.operation && each.begin < mark.end && mark.begin < each.end;
    });
  }

  /// Findings between vertebrae do not mean "behind the L5 body" beside "L4-L5".
  bool fits(const PlaceMark& place, bool between) const {
    const auto& places = scope_.places();
    const bool pairs = std::any_of(places.begin(), places.end(),
                                   [](const PlaceMark& each) { return is_pair(each.place); });
    if (place.foramen && !between) return false;
    return !between || is_pair(place.place) || !pairs;
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
    return place.begin == scope_.begin() && own(place, candidate);
  }

  /// "slip of L4", "anterolisthesis on S1"; but "L5 lysis, no slip" has no level of its own.
  std::string slipped_at(const PlaceMark& mark, bool negated) const {
    const auto vertebra = mark.place.rows.front().front();
    const bool on = mark.begin > scope_.begin() && scope_.covers(Cue::slip, mark.begin - 1);
    return negated ? "" : disc_of_slip(vertebra, on);
  }

  /// "and at", "and moderate at the": right before the place.
  bool joined_by_and(const PlaceMark& before, const PlaceMark& place) const {
    for (std::size_t at = place.begin - 1; at > before.end; --at) {
      if (scope_.word(at) == "and") return at + 1 < place.begin;
      const bool light = scope_.covers(Cue::location, at) || scope_.covers(Cue::severity, at) ||
                         scope_.names_side(at);
      if (!light) return false;
    }
    return before.end < place.begin && scope_.word(before.end) == "and";
  }

  /// "stenosis L2-L3 mild, L3-L4 moderate", "fractures of T12 (20 %) and, less severe, of L2"
  bool graded(const PlaceMark& before, const PlaceMark& place) const {
    return scope_.is_light_between(before.end, place.begin) && !leads_on(place);
  }

  /// "arthropathy L3-L4 mild, L4-L5 severe with a cyst, L5-S1 moderate": what a level has besides
  /// ends with the comma, and the next has nothing of its own.
  bool goes_on_behind(const PlaceMark& before, const PlaceMark& place) const {
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

  /// Up to the comma behind it nothing stands but a grade, or what is there besides.
  bool is_bare(const PlaceMark& place) const {
    auto at = place.end;
    while (at < scope_.end() && scope_.word(at) != "," && scope_.word(at) != "." &&
           !scope_.begins(Cue::linked, at)) {
      if (!scope_.is_light_between(at, at + 1)) return false;
      ++at;
    }
    return !scope_.has_candidate(place.end, at);
  }

  /// "and at L5-S1 a bulge": a finding begins with it, without "with".
  bool leads_on(const PlaceMark& place) const {
    const auto& candidates = scope_.candidates();
    return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& each) {
      return each.begin >= place.end && own(place, each) && !scope_.links(place.end, each.begin);
    });
  }

  /// "fractures L1-L2", "L1-L2 transverse process fractures": of each vertebra.
  bool is_of_bodies(const PlaceMark& place, const Candidate& candidate) const {
    const bool inside = place.begin < candidate.end && candidate.begin < place.end;
    if (!inside && !directly_before(candidate, place) && !own(place, candidate)) return false;
    const auto& marks = scope_.cues(Cue::bodies);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      const bool within = mark.begin < candidate.end && candidate.begin < mark.end;
      return within || (mark.begin >= place.end && mark.begin < place.end + words_of_own);
    });
  }

  std::vector<std::string> names_in(const PlaceMark& mark, const Candidate& candidate,
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
  std::size_t first_of_list(std::size_t mark, const Candidate& candidate) const {
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

  /// With the places of the same list: "at L3-L4, 3 mm, and at L4-L5, 4 mm".
  std::vector<std::string> names_at(const PlaceMark& mark, const Candidate& candidate,
                                    const std::string& levels) const {
    const auto& places = scope_.places();
    const auto index = static_cast<std::size_t>(&mark - places.data());
    const auto* last = &places[first_of_list(index, candidate)];
    auto names = names_in(*last, candidate, levels);
    for (const auto& place : places) {
      if (place.begin <= last->end || (place.foramen && levels == "vertebra")) continue;
      const bool goes_on =
          (joined_by_and(*last, place) || graded(*last, place) || &place <= &mark) &&
          (&place <= &mark || !leads_on(place)) && !scope_.has_candidate(last->end, place.begin);
      const bool behind = candidate.end <= mark.begin && &place > &mark;
      if (!goes_on && !(behind && goes_on_behind(*last, place))) break;
      last = &place;
      if (!fits(place, levels != "vertebra")) continue;  // "L3-L4 right (L3), L4-L5 right"
      for (auto& name : names_in(place, candidate, levels)) names.push_back(std::move(name));
    }
    return names;
  }

  const Scope& scope_;
  const CarriedPlace& carried_;
};

}  // namespace

std::vector<std::string> levels_of(const Scope& scope, const CarriedPlace& carried,
                                   const Candidate& candidate, const std::string& levels,
                                   const Denial& denial) {
  return Finder(scope, carried).of(candidate, levels, denial);
}

}  // namespace meridian::imaging
