// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/left_open.h"

#include <algorithm>
#include <array>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_no = 3;  ///< "no larger one at"
/// Words by which a sentence says that all is well, or nothing of this patient.
constexpr std::array<Cue, 5> well = {Cue::negation, Cue::negated_next, Cue::negated_after,
                                     Cue::general, Cue::ordinary};

/// "one at", and not "no other one at".
bool says(const Scope& scope, const PhraseMark& mark) {
  constexpr std::array<Cue, 2> denials = {Cue::negation, Cue::negated_next};
  return std::none_of(denials.begin(), denials.end(), [&](Cue cue) {
    const auto& marks = scope.cues(cue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& denial) {
      return denial.end <= mark.begin && mark.begin - denial.end < words_to_no;
    });
  });
}

/// Words [begin, end) tell of a structure that is not as it should be, and of no finding.
bool is_strange(const Scope& scope, std::size_t begin, std::size_t end) {
  const auto within = [&](const auto& mark) { return mark.begin >= begin && mark.end <= end; };
  const auto has = [&](Cue cue) {
    return std::any_of(scope.cues(cue).begin(), scope.cues(cue).end(), within);
  };
  const auto& places = scope.places();
  const bool body = std::any_of(places.begin(), places.end(), [&](const PlaceMark& mark) {
    return within(mark) && !mark.foramen && !is_pair(mark.place);
  });
  const auto& all = scope.candidates();
  const bool told = std::any_of(all.begin(), all.end(), [&](const Candidate& each) {
    return each.begin < end && begin < each.end;
  });
  return !told && has(Cue::odd) && (body || has(Cue::structure)) &&
         std::none_of(well.begin(), well.end(), has);
}

/// In the whole sentence, or in a part of it where no finding is told.
bool holds_strange(const Scope& scope) {
  if (scope.candidates().empty()) return is_strange(scope, scope.begin(), scope.end());
  auto begin = scope.begin();
  for (auto at = begin; at < scope.end(); ++at) {
    const bool ends = scope.word(at) == ";" || scope.word(at) == ":";
    if (!ends && !scope.begins(Cue::scope_end, at)) continue;
    if (is_strange(scope, begin, at)) return true;
    begin = at;
  }
  return is_strange(scope, begin, scope.end());
}

}  // namespace

bool is_told_on(const Scope& scope, const Candidate& over, bool denied) {
  const auto& marks = scope.cues(Cue::elliptic);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    if (mark.begin < over.end || !says(scope, mark)) return false;
    const bool next = !denied && mark.begin == over.end;  // "aneurysm 52 mm (2023: 47)"
    const bool apart = scope.parted(over.end, mark.begin) || scope.links(over.end, mark.begin);
    return (next || apart) && !scope.has_candidate(over.end, mark.end);
  });
}

std::optional<std::size_t> strange_and_unnamed(const Scope& scope,
                                               const ImagingVocabulary& vocabulary) {
  if (scope.cues(Cue::odd).empty() || !holds_strange(scope)) return std::nullopt;
  const auto& kinds = vocabulary.kinds;
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [](const ImagingKind& each) {
    return each.tier == "serious" && each.instead_of.empty();
  });
  if (kind == kinds.end()) return std::nullopt;
  return static_cast<std::size_t>(kind - kinds.begin());
}

bool is_ordinary_name(const Scope& scope, const Candidate& word) {
  const auto& names = scope.cues(Cue::structure);
  const bool name = std::any_of(names.begin(), names.end(), [&](const PhraseMark& mark) {
    return mark.begin <= word.begin && word.end <= mark.end;
  });
  return name && !scope.cues(Cue::ordinary).empty() && scope.cues(Cue::exception).empty();
}

bool shows_something(const Scope& scope) {
  constexpr std::array<Cue, 3> something = {Cue::imaged, Cue::odd, Cue::advised};
  const auto told = [&](Cue cue) { return !scope.cues(cue).empty(); };
  return scope.candidates().empty() && std::any_of(something.begin(), something.end(), told) &&
         !told(Cue::none_here) && std::none_of(well.begin(), well.end(), told);
}

bool is_elliptic(const Scope& scope) {
  const auto& marks = scope.cues(Cue::elliptic);
  return scope.candidates().empty() &&
         std::any_of(marks.begin(), marks.end(),
                     [&](const PhraseMark& mark) { return says(scope, mark); });
}

}  // namespace meridian::imaging
