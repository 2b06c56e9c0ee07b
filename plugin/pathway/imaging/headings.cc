// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/headings.h"

#include <algorithm>

#include "pathway/imaging/finding_levels.h"

namespace meridian::imaging {
namespace {

/// Words that name a level and nothing else: "at the ... level", "... disc".
bool is_name(const Scope& scope, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end; ++at) {
    const auto& word = scope.word(at);
    const bool number = word == "." || word == ")" || scope.is_number(at);
    if (!number && word != "disc" && !scope.covers(Cue::location, at)) return false;
  }
  return true;
}

/// "MR LUMBAR: L4-L5 ...", "At the L4-L5 level there is ..."
bool leads_line(const Scope& scope, const PlaceMark& place) {
  if (place.begin == scope.begin()) return false;
  const bool titled = scope.word(place.begin - 1) == ":" && is_pair(place.place) &&
                      !scope.has_candidate(scope.begin(), place.begin);  // "Protrusion: L4-L5"
  const bool at = scope.starts_line() && scope.word(scope.begin()) == "at" &&
                  is_name(scope, scope.begin(), place.begin);
  return titled || at;
}

/// "L5-S1 shallow protrusion.": a disc begins the line, without a verb.
bool is_terse_line(const Scope& scope, const PlaceMark& place) {
  const bool begins = scope.starts_line() && place.begin == scope.begin();
  return begins && names_of_kind(place.place, "disc").size() == 1 && is_pair(place.place) &&
         scope.cues(Cue::predicate).empty();
}

}  // namespace

bool is_heading(const Scope& scope) {
  if (scope.places().size() != 1) return false;
  const auto& place = scope.places().front();
  const bool colon = scope.word(scope.end() - 1) == ":";
  return is_name(scope, scope.begin(), place.begin) &&
         is_name(scope, place.end, colon ? scope.end() - 1 : scope.end());
}

bool is_grade(const Scope& scope) {
  if (!is_list(scope)) return false;
  // "Metastases: yes. T4, T11, L3.", but "L4-L5. There is a bulge." goes on
  const bool several = scope.places().size() > 1 || scope.places().front().place.rows.size() > 1;
  const bool listed = scope.begin() > 0 && scope.word(scope.begin() - 1) == ";";
  if (!scope.starts_line() && (several || listed || !is_heading(scope))) return true;
  for (auto at = scope.begin(); at < scope.end(); ++at) {
    const bool another = at == scope.begin() && scope.covers(Cue::filler, at);
    if (another || scope.covers(Cue::severity, at) || scope.covers(Cue::worst, at)) return true;
  }
  return false;
}

bool is_list(const Scope& scope) {
  const auto& places = scope.places();
  if (places.empty() || !scope.candidates().empty()) return false;
  for (auto at = scope.begin(); at < scope.end(); ++at) {
    const auto& word = scope.word(at);
    const bool colon = word == ":" && at + 1 < scope.end();  // "Lumbar: L2."
    const bool mark =
        colon || word == "," || word == "." || word == ";" || word == "(" || word == ")";
    const bool placed = std::any_of(places.begin(), places.end(), [&](const PlaceMark& place) {
      return place.begin <= at && at < place.end;
    });
    const bool grade = scope.covers(Cue::severity, at) || scope.covers(Cue::worst, at);
    const bool light = scope.covers(Cue::location, at) || scope.covers(Cue::filler, at) ||
                       scope.covers(Cue::joining, at) || scope.covers(Cue::pronoun, at) ||
                       scope.names_side(at);
    if (!grade && !mark && !scope.is_number(at) && !placed && !light) return false;
  }
  return true;
}

bool is_absence(const Scope& scope) {
  if (scope.cues(Cue::none_here).empty()) return false;
  const auto& places = scope.places();
  if (places.empty()) return true;
  const auto& mark = scope.cues(Cue::none_here).front();
  for (auto at = places.front().end; at < mark.begin; ++at) {
    const bool light = scope.word(at) == "," || scope.word(at) == ":" || scope.word(at) == "@" ||
                       scope.covers(Cue::location, at) || scope.covers(Cue::joining, at);
    if (!light) return false;
  }
  return true;
}

bool is_clear_disc(const Scope& scope) {
  if (!is_absence(scope) || scope.places().empty()) return false;
  const auto& mark = scope.cues(Cue::none_here).front();
  const bool stop = scope.word(mark.end - 1) == ".";
  const bool clear = scope.covers(Cue::grade_none, mark.end - (stop ? 2 : 1));
  return clear && is_one_disc(scope.places().front().place);
}

bool heads_line(const Scope& scope) {
  if (scope.places().empty()) return false;
  const auto& place = scope.places().front();
  if (leads_line(scope, place)) return true;
  if (is_terse_line(scope, place)) return true;
  auto colon = place.end;
  while (colon < scope.end() && scope.word(colon) != ":") ++colon;
  return colon < scope.end() && is_name(scope, scope.begin(), place.begin) &&
         is_name(scope, place.end, colon);
}

std::optional<Place> place_told(const Scope& scope, bool heads) {
  const auto& places = scope.places();
  if (places.empty()) return scope.named();
  if (heads) return places.front().place;
  std::optional<Place> told;
  const PlaceMark* last = nullptr;
  const auto is_body = [](const Place& place) {
    return place.joined == Joined::listed && !is_pair(place);
  };
  for (const auto& mark : places) {
    const bool beside = told && is_pair(*told) && !is_pair(mark.place);
    if (mark.bound || mark.foramen || beside) continue;
    // "foci in L3, body, and right T9 pedicle": of both
    const bool listed = told && is_body(*told) && is_body(mark.place) &&
                        !scope.has_candidate(last->end, mark.begin) &&
                        scope.is_light_between(last->end, mark.begin);
    if (!listed) told = Place();
    if (!listed) told->joined = mark.place.joined;
    told->rows.insert(told->rows.end(), mark.place.rows.begin(), mark.place.rows.end());
    told->sacrum = told->sacrum || mark.place.sacrum;
    last = &mark;
  }
  return told;
}

}  // namespace meridian::imaging
