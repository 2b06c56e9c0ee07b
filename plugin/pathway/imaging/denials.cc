// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/denials.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_of_not = 4;      ///< so far "not" reaches
constexpr std::size_t words_to_article = 4;  ///< "the old T12 compression fracture"
constexpr std::size_t words_of_with = 3;     ///< so close before a normal part "with" stands
constexpr std::size_t words_to_cause = 2;    ///< "a tumour as the cause of"
constexpr std::size_t words_to_effect = 4;   ///< "cause of the T9 compression fracture"
constexpr std::size_t words_to_measure = 3;  ///< "cyst of about 3 cm"
constexpr std::size_t words_to_hedge = 3;    ///< "no imaging findings that are suspicious for"

bool is_article(std::string_view word) {
  return word == "the" || word == "this" || word == "these" || word == "known";
}

/// "compressed", "worn": said of what stands before it.
bool says_of_part(std::string_view word) {
  constexpr std::array<std::string_view, 14> words = {
      "swollen",    "worn",   "thick",      "tight",   "narrow",       "arthritic", "dark",
      "degenerate", "bright", "aneurysmal", "ectatic", "hyperintense", "broken",    "wide"};
  return word.ends_with("ed") || std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Denials::Denials(const Scope& scope, const ImagingVocabulary& vocabulary)
    : scope_(scope), vocabulary_(vocabulary) {}

bool Denials::negated(const Candidate& candidate) const {
  if (candidate.clear) return true;
  if (is_date(candidate)) return false;
  const auto doubted = last_after(Cue::possible_after, candidate);
  if (doubted > 0 && last_after(Cue::negated_after, candidate) <= doubted) return false;
  return said_within(candidate) || said_before(Cue::negation, candidate) ||
         said_right_before(candidate) || said_after(Cue::negated_after, candidate);
}

/// "no recurrence following discectomy", "... at the surgical site": the operation was done.
bool Denials::is_date(const Candidate& candidate) const {
  if (!is_operation(candidate)) return false;
  if (names_trace(candidate)) return true;  // "no postoperative haematoma"
  if (scope_.covers(Cue::site, candidate.end - 1)) return true;
  const auto& marks = scope_.cues(Cue::history);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin < candidate.begin && mark.end > candidate.begin;
  });
}

/// "postoperative haematoma": the operation is told by what it left.
bool Denials::names_trace(const Candidate& candidate) const {
  return scope_.covers(Cue::left_by, candidate.end - 1);
}

bool Denials::is_operation(const Candidate& candidate) const {
  return imaging::is_operation(vocabulary_.kinds[candidate.kind]);
}

/// "is neither fatty nor sclerotic" among the finding's own words, "the suspected aneurysm is a
/// loop of bowel" around them.
bool Denials::said_within(const Candidate& candidate) const {
  const auto& marks = scope_.cues(Cue::negation);
  const bool inside = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool within = mark.begin > candidate.begin && mark.end < candidate.end;
    return within && !scope_.overlaps(Cue::no_negation, mark);  // "has no room"
  });
  const auto& around = scope_.cues(Cue::negated_after);
  return inside || std::any_of(around.begin(), around.end(), [&](const PhraseMark& mark) {
           return mark.begin < candidate.begin && mark.end > candidate.end;
         });
}

bool Denials::said_before(Cue cue, const Candidate& candidate) const {
  const auto& marks = scope_.cues(cue);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    if (mark.end > candidate.begin) return false;
    const bool of_others =
        cue == Cue::negation ? denies_other(mark, candidate) : is_denied_hedge(mark);
    return !of_others && scope_.reaches(mark.end, candidate.begin);
  });
}

/// The denial before the candidate is of something else.
bool Denials::denies_other(const PhraseMark& negation, const Candidate& candidate) const {
  const bool behind = scope_.within(Cue::negated_after, negation) &&
                      scope_.has_candidate(scope_.begin(), negation.begin) &&  // "L3: nil bulge"
                      !scope_.begins(Cue::evidence, negation.end);  // "?X: no evidence of X"
  if (behind || scope_.overlaps(Cue::no_negation, negation)) return true;
  // "no haemorrhage, laminectomy defect": an operation is no item of such a list
  const bool operation = is_operation(candidate) && is_told_next(negation, candidate);
  return operation || is_stated(negation, candidate) || is_presupposed(negation, candidate) ||
         is_aside(negation, candidate) || is_placed_beyond(negation, candidate) ||
         is_listed_by_no(negation, candidate) || is_lesser_beyond(negation, candidate) ||
         is_favoured_beyond(negation, candidate);
}

/// "no finding suspicious for": the doubt itself is denied.
bool Denials::is_denied_hedge(const PhraseMark& hedge) const {
  const auto& marks = scope_.cues(Cue::negation);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool near = mark.end <= hedge.begin && hedge.begin - mark.end <= words_to_hedge;
    return near && !scope_.overlaps(Cue::no_negation, mark) &&
           !scope_.comma_between(mark.end, hedge.begin);
  });
}

/// "no fracture, cord compressed", "no bulge, facets worn": what is said of a part behind a comma
/// is a statement of its own, unlike the nouns of a list ("no fracture, cord compression or mass").
bool Denials::is_stated(const PhraseMark& negation, const Candidate& candidate) const {
  bool says = false;  // "aorta dilated to 4 cm"
  for (auto at = candidate.begin + 1; at < candidate.end; ++at) {
    says = says || scope_.is_number(at) || says_of_part(scope_.word(at));
  }
  if (!says || scope_.says_or(negation.end, candidate.begin)) return false;
  return candidate.begin > negation.end && scope_.word(candidate.begin - 1) == ",";
}

/// "no haemorrhage at the level of the T6 fracture": what is denied is something else, of a
/// finding that is there.
bool Denials::is_presupposed(const PhraseMark& negation, const Candidate& candidate) const {
  auto at = candidate.begin;
  const auto farthest = at - std::min(at - scope_.begin(), words_to_article);
  while (at > farthest && !is_article(scope_.word(at - 1))) --at;
  if (at == farthest || at < negation.end + 3) return false;
  for (std::size_t word = at; word < candidate.begin; ++word) {  // "in the spine to suggest"
    if (scope_.begins(Cue::range, word) || scope_.begins(Cue::probable, word)) return false;
  }
  const auto before = at - 2;  // of the preposition
  if (!scope_.covers(Cue::location, before) && !scope_.covers(Cue::definite, before)) return false;
  for (std::size_t word = negation.begin; word < candidate.begin; ++word) {
    const auto& here = scope_.word(word);
    if (here == "," || here == "or" || scope_.begins(Cue::evidence, word)) return false;
  }
  return true;
}

/// "although no stenosis, cord compression", "an extrusion rather than a bulge, compressing the
/// root": the denial is a clause of its own.
bool Denials::is_aside(const PhraseMark& negation, const Candidate& candidate) const {
  if (!scope_.comma_between(negation.end, candidate.begin)) return false;
  const auto& first = scope_.word(negation.begin);
  const bool instead = first == "rather" || first == "instead";
  return instead ? is_told_next(negation, candidate) : scope_.begins(Cue::clause, scope_.begin());
}

/// "without stenosis, extrusion at L4-L5": what stands with a level of its own behind "without".
bool Denials::is_placed_beyond(const PhraseMark& negation, const Candidate& candidate) const {
  if (scope_.word(negation.begin) != "without" || candidate.begin < negation.end + 2) return false;
  if (scope_.word(candidate.begin - 1) != ",") return false;
  if (scope_.says_or(negation.end, scope_.end())) return false;
  return is_placed(candidate);
}

/// "without a drainable pocket, phlegmon favoured"
bool Denials::is_favoured_beyond(const PhraseMark& negation, const Candidate& candidate) const {
  const bool apart = candidate.begin > negation.end && scope_.word(candidate.begin - 1) == ",";
  return apart && !scope_.says_or(negation.end, candidate.end) &&
         scope_.begins(Cue::probable_after, candidate.end) &&
         !scope_.begins(Cue::negated_after, candidate.end);
}

/// "no fracture, spondylolysis of L5", "no aneurysm, renal cyst of 3 cm": behind the one thing that
/// is denied, what is less and has a place or a size of its own.
bool Denials::is_lesser_beyond(const PhraseMark& negation, const Candidate& candidate) const {
  auto comma = candidate.begin;
  while (comma > negation.end && scope_.word(comma - 1) != ",") --comma;
  if (comma == negation.end || scope_.has_candidate(comma, candidate.begin)) return false;
  if (scope_.comma_between(negation.end, comma - 1) || scope_.says_or(comma, scope_.end()))
    return false;
  const auto& all = scope_.candidates();
  const auto last = std::find_if(all.begin(), all.end(), [&](const Candidate& other) {
    return other.begin >= negation.end && other.end + 1 == comma;
  });
  if (is_measured(candidate) || is_still_there(candidate)) return true;
  if (last == all.end() || scope_.begins(Cue::joining, candidate.end)) return false;
  const auto rank = [&](const Candidate& each) {
    const auto& tier = vocabulary_.kinds[each.kind].tier;
    return tier == "serious" ? 2 : tier == "needs_concordance" ? 1 : 0;
  };
  const bool closed =
      scope_.says_or(negation.end, comma);  // "no fracture or slip, facet arthrosis"
  const bool less = rank(candidate) < rank(*last) || closed;
  const bool sided = scope_.names_side(candidate.end) && candidate.end < scope_.end();
  return less && (is_placed(candidate) || sided);
}

/// "no instability, slip at L4-L5 unchanged", "no compressive lesion, mild bulge only"
bool Denials::is_still_there(const Candidate& candidate) const {
  auto at = candidate.end;
  while (at < scope_.end() && (scope_.word(at) == "@" || scope_.covers(Cue::location, at))) ++at;
  return at < scope_.end() && (scope_.begins(Cue::seen_now, at) || scope_.begins(Cue::only, at));
}

/// A number right behind it: "stone 5 mm".
bool Denials::is_measured(const Candidate& candidate) const {
  for (auto at = candidate.end; at < scope_.end() && at < candidate.end + words_to_measure; ++at) {
    if (scope_.is_measure(at)) return true;
    if (scope_.word(at) == ",") return false;
  }
  return false;
}

/// "no fracture, no cord compression, metastases at T5": where each has its "no", the last has
/// none.
bool Denials::is_listed_by_no(const PhraseMark& negation, const Candidate& candidate) const {
  if (!scope_.has_candidate(negation.end, candidate.begin) || !is_told_next(negation, candidate)) {
    return false;
  }
  const auto& marks = scope_.cues(Cue::negation);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& other) {
    if (scope_.word(other.begin) != scope_.word(negation.begin)) return false;
    const bool earlier = other.end < negation.begin;
    const bool later = other.begin > negation.end && other.end <= candidate.begin;
    return (earlier && scope_.comma_between(other.end, negation.begin)) ||
           (later && scope_.comma_between(negation.end, other.begin));
  });
}

/// A level stands right beside it.
bool Denials::is_placed(const Candidate& candidate) const {
  const auto& places = scope_.places();
  return std::any_of(places.begin(), places.end(), [&](const PlaceMark& place) {
    const bool inside = place.begin >= candidate.begin && place.begin < candidate.end;
    const bool behind = place.begin >= candidate.end && place.begin < candidate.end + 3;
    return inside || behind || place.end == candidate.begin;
  });
}

bool Denials::said_instead(const Candidate& candidate) const {
  const auto& marks = scope_.cues(Cue::negation);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool with = scope_.word(mark.begin) == "with";  // "with out" of dictation
    return mark.end <= candidate.begin && !with && scope_.begins(Cue::linked, mark.begin) &&
           scope_.reaches(mark.end, candidate.begin);
  });
}

bool Denials::said_without(const Candidate& candidate) const {
  const auto& marks = scope_.cues(Cue::negation);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const auto& first = scope_.word(mark.begin);
    const bool with = first == "without" || first == "with" || first == "none" ||
                      (mark.begin > 0 && scope_.word(mark.begin - 1) == "with");
    return with && mark.end <= candidate.begin && scope_.reaches(mark.end, candidate.begin);
  });
}

/// Not "with normal discs elsewhere".
bool Denials::said_with(const Candidate& candidate) const {
  if (scope_.begins(Cue::elsewhere, candidate.end)) return false;
  const auto from = candidate.begin - std::min(candidate.begin - scope_.begin(), words_of_with);
  for (auto at = candidate.begin; at > from; --at) {
    if (scope_.word(at - 1) == "with") return true;
    if (scope_.word(at - 1) == ",") return false;
  }
  return false;
}

/// "does not enhance, displaces the root": without "or", what follows is another statement.
bool Denials::is_told_next(const PhraseMark& negation, const Candidate& candidate) const {
  if (!scope_.comma_between(negation.end, candidate.begin)) return false;
  if (scope_.says_or(negation.end, scope_.end())) return false;
  return true;
}

bool Denials::said_right_before(const Candidate& candidate) const {
  const auto& marks = scope_.cues(Cue::negated_next);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool near = mark.end <= candidate.begin && candidate.begin - mark.end <= words_of_not;
    return near && !is_told_next(mark, candidate) && !scope_.overlaps(Cue::no_negation, mark) &&
           !scope_.overlaps(Cue::negated_after, mark) && !is_presupposed(mark, candidate) &&
           scope_.reaches(mark.end, candidate.begin);
  });
}

bool Denials::said_after(Cue cue, const Candidate& candidate) const {
  return last_after(cue, candidate) > 0;
}

/// Where the last cue that is said of the finding from behind begins, 0 for none.
std::size_t Denials::last_after(Cue cue, const Candidate& candidate) const {
  std::size_t last = 0;
  for (const auto& mark : scope_.cues(cue)) {
    const bool unsaid =
        scope_.overlaps(Cue::no_negation, mark) || scope_.overlaps(Cue::history_after, mark);
    if (cue == Cue::negated_after && unsaid) continue;
    // "since surgery, compression resolved": an operation is done
    const bool apart = is_operation(candidate) && scope_.comma_between(candidate.end, mark.begin);
    if (cue == Cue::negated_after && apart) continue;
    if (scope_.within(Cue::no_negation, mark)) continue;
    const bool asked = scope_.within(Cue::possible_after, mark) ||
                       scope_.overlaps(Cue::possible_after, mark);  // "must be excluded."
    if (cue == Cue::negated_after && asked) continue;
    const bool denied = cue == Cue::possible_after && mark.end - mark.begin == 1 &&
                        scope_.within(Cue::negated_after, mark);
    if (denied) continue;  // "unlikely given the intact endplates"
    const bool half = cue == Cue::negated_after && scope_.overlaps(Cue::probable_after, mark);
    if (half && scope_.comma_between(candidate.end, mark.begin)) continue;
    if (cue == Cue::negated_after && (is_of_then(mark) || is_answered(mark))) continue;
    if (is_of_next(candidate, mark) || is_effect(candidate)) continue;
    if (cue == Cue::negated_after && is_of_last(candidate, mark)) continue;
    if (scope_.reaches_back(end_of_cause(candidate, mark), mark.begin))
      last = std::max(last, mark.begin);
  }
  return last;
}

/// "a neoplastic cause of the fracture is unlikely": the fracture is there.
bool Denials::is_effect(const Candidate& candidate) const {
  const auto& marks = scope_.cues(Cue::cause_of);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool behind =
        mark.end <= candidate.begin && candidate.begin - mark.end <= words_to_effect;
    return behind && !scope_.has_candidate(mark.end, candidate.begin);
  });
}

/// Where the words of the cause end, with what it is the cause of.
std::size_t Denials::end_of_cause(const Candidate& candidate, const PhraseMark& said) const {
  for (const auto& mark : scope_.cues(Cue::cause_of)) {
    if (mark.end <= candidate.begin || mark.begin > candidate.end + words_to_cause) continue;
    auto end = mark.end;
    for (const auto& other : scope_.candidates()) {
      const bool effect = other.begin >= mark.end && other.begin - mark.end <= words_to_effect;
      if (effect && other.end <= said.begin) end = std::max(end, other.end);
    }
    if (end <= said.begin) return std::max(end, candidate.end);
  }
  return candidate.end;
}

/// "not seen on the film, is now evident": what was denied is there after all.
bool Denials::is_answered(const PhraseMark& denial) const {
  const auto& marks = scope_.cues(Cue::now_there);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin >= denial.end && !scope_.has_candidate(denial.end, mark.begin);
  });
}

/// "was not present 03/22": a date right behind it.
bool Denials::is_of_then(const PhraseMark& mark) const {
  if (mark.end + 1 > scope_.end() || mark.begin == scope_.begin()) return false;
  const auto is_past = [](std::string_view word) { return word == "was" || word == "were"; };
  if (!is_past(scope_.word(mark.begin)) && !is_past(scope_.word(mark.begin - 1))) return false;
  const auto at = mark.end;
  return at < scope_.end() && scope_.is_number(at);
}

/// "scar is favoured and residual disc unlikely": something else was said of this one, and another
/// finding stands between.
bool Denials::is_of_next(const Candidate& candidate, const PhraseMark& mark) const {
  constexpr std::array<Cue, 3> said = {Cue::probable_after, Cue::possible_after,
                                       Cue::negated_after};
  return std::any_of(said.begin(), said.end(), [&](Cue cue) {
    const auto& marks = scope_.cues(cue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& own) {
      return own.begin >= candidate.end && own.end < mark.begin &&
             scope_.reaches_back(candidate.end, own.begin) &&
             !scope_.has_candidate(candidate.end, own.begin) &&
             scope_.has_candidate(own.end, mark.begin);
    });
  });
}

/// "persisting discitis, the phlegmon gone": of what stands right before it, behind a comma.
bool Denials::is_of_last(const Candidate& candidate, const PhraseMark& mark) const {
  const auto& all = scope_.candidates();
  const auto last = std::find_if(all.begin(), all.end(), [&](const Candidate& other) {
    return other.begin > candidate.end && other.end == mark.begin;
  });
  if (last == all.end() || !scope_.comma_between(candidate.end, last->begin)) return false;
  for (std::size_t at = scope_.begin(); at < candidate.begin; ++at) {
    if (scope_.begins(Cue::seen_now, at)) return true;
  }
  return false;
}

const PhraseMark* Denials::denial_before(const Candidate& candidate) const {
  if (vocabulary_.kinds[candidate.kind].tier != "serious" || candidate.clear) return nullptr;
  const auto& marks = scope_.cues(Cue::negation);
  const auto mark = std::find_if(marks.rbegin(), marks.rend(), [&](const PhraseMark& each) {
    return each.end <= candidate.begin;
  });
  return mark == marks.rend() ? nullptr : &*mark;
}

bool Denials::is_beyond_comma(const Candidate& candidate) const {
  const auto* mark = denial_before(candidate);
  if (mark == nullptr || !scope_.comma_between(mark->end, candidate.begin)) return false;
  const auto& all = scope_.candidates();
  const auto says_less = [&](std::size_t at) {  // "no height loss, occult fracture"
    return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return other.begin == at && other.weak && other.kind == candidate.kind;
    });
  };
  const bool listed = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    const bool between = other.begin >= mark->end && other.begin < candidate.begin;
    return between && !says_less(other.begin);
  });
  if (listed) return false;
  for (auto at = mark->begin; at < scope_.end(); ++at) {
    const auto& word = scope_.word(at);
    if (word == "or" || word == "nor" || (word == "and" && at < candidate.end)) return false;
  }
  return negated(candidate) && !said_after(Cue::negated_after, candidate);
}

bool Denials::is_beyond_list(const Candidate& candidate) const {
  const auto* mark = denial_before(candidate);
  if (mark == nullptr || !scope_.has_candidate(mark->end, candidate.begin)) return false;
  if (scope_.says_or(mark->begin, scope_.end())) return false;
  return is_placed(candidate) && negated(candidate) && !said_after(Cue::negated_after, candidate);
}

}  // namespace meridian::imaging
