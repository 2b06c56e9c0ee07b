// SPDX-License-Identifier: Apache-2.0
// How far words of a sentence reach, and where a new statement begins.
#include <algorithm>
#include <array>
#include <string_view>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_back = 12;   ///< so far before "is not seen" the finding may stand
constexpr std::size_t words_to_cue = 2;  ///< of ", now resolved"

/// ", now resolved": no part of the finding stands before the cue, as in ", oedema resolved".
bool leads_to_cue(std::string_view word) {
  constexpr std::array<std::string_view, 14> words = {"now", "since", "has",        "have",  "is",
                                                      "are", "was",   "completely", "fully", "but",
                                                      "and", "both",  "all",        "which"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

/// "no line, representing a stress reaction": a doubt behind a comma is of what follows.
bool Scope::hedges(std::size_t at, std::size_t to) const {
  return at < to && (begins(Cue::probable, at) || begins(Cue::possible, at));
}

/// "no evidence of: fracture", "doubt that there is": behind words that need what follows.
bool Scope::goes_on_from(std::size_t at) const {
  if (at == begin()) return false;
  const auto& before = word(at - 1);
  if (word(at) == ":") return before == "of" || before == "for" || before == "following";
  return word(at) == "there" && before == "that";
}

bool Scope::says_or(std::size_t from, std::size_t to) const {
  for (auto at = from; at < to; ++at) {
    if (word(at) == "or" || word(at) == "nor") return true;
  }
  return false;
}

/// A comma or "or" stands in [begin, end): a list.
bool Scope::lists(std::size_t begin, std::size_t end) const {
  for (std::size_t at = begin; at < end; ++at) {
    if (word(at) == "," || word(at) == "or" || word(at) == "nor") return true;
  }
  return false;
}

bool Scope::reaches(std::size_t from, std::size_t to) const {
  for (std::size_t at = from; at < to; ++at) {
    const auto& here = word(at);
    if (!has_candidate(from, at) && goes_on_from(at)) continue;
    if (here == ":" || here == ";" || here == "." || begins(Cue::scope_end, at)) return false;
    if (at > from && here == "," && hedges(at + 1, to)) return false;
    const bool may = here == "could" || here == "may" || here == "might";
    if (at > from && may && word(at - 1) != "that" && word(at - 1) != "which") return false;
    const bool separates = here == "," || here == "and" || begins(Cue::linked, at);
    if (begins(Cue::definite, at) && has_candidate(from, at)) return false;
    if (!separates || !has_candidate(from, at)) continue;
    // "no cord compression, and surgery for the extrusion": of two, the comma parts statements
    if (at > from && here == "," && at + 1 < to && word(at + 1) == "and" && !lists(from, at)) {
      return false;
    }
    const auto next = here == "," && at + 1 < to && word(at + 1) == "and" ? at + 2 : at + 1;
    if (next > to) continue;
    if (begins(Cue::article, next) || is_level(next) || begins(Cue::severity, next)) return false;
  }
  return true;
}

bool Scope::reaches_back(std::size_t from, std::size_t cue) const {
  if (cue < from || cue - from > words_back) return false;
  const bool clause =
      begins(Cue::clause, begin());  // "although the canal is narrow, X is not seen"
  for (std::size_t at = from; at < cue; ++at) {
    const auto& here = word(at);
    const bool close = cue - at <= words_to_cue;  // "but is absent today", ", now resolved"
    // "fracture with oedema that has resolved", but "a septic cause is unlikely"
    const bool subject = at + 1 == cue || begins(Cue::predicate, at + 1);
    if (begins(Cue::linked, at) && !subject) return false;
    const bool last = here == ";" && (at + 1 == cue || (close && leads_to_cue(word(at + 1))));
    if (last && !has_candidate(cue, end())) continue;  // "cord oedema; now resolved"
    if (here == ";" || here == "." || (begins(Cue::scope_end, at) && !close)) return false;
    if (here == ":" && at + 1 != cue) return false;
    if (here != ",") continue;
    if (clause) return false;
    if (at + 1 < cue && begins(Cue::aside, at + 1)) {  // "X, which was seen before, has resolved"
      for (at += 2; at < cue && word(at) != ","; ++at) continue;
      continue;
    }
    const bool goes_on =
        word(at + 1) == "and" || word(at + 1) == "or" || candidate_begins(at + 1) || close;
    if (!goes_on || (close && at + 2 == cue && !leads_to_cue(word(at + 1)))) return false;
  }
  return true;
}

std::size_t Scope::end_of_opening() const {
  auto at = begin();
  while (at < end() && word(at) != ":") ++at;
  return at;
}

bool Scope::ends_between(std::size_t begin, std::size_t end) const {
  for (std::size_t at = begin; at < end; ++at) {
    const auto& here = word(at);
    if (here == ";" || here == ":" || here == "." || begins(Cue::scope_end, at)) return true;
  }
  return false;
}

bool Scope::parted(std::size_t begin, std::size_t end) const {
  if (ends_between(begin, end)) return true;
  for (std::size_t at = begin; at < end; ++at) {
    if (word(at) == "," || word(at) == "and") return true;
  }
  return false;
}

bool Scope::links(std::size_t begin, std::size_t end) const {
  const auto& marks = cues(Cue::linked);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin >= begin && mark.begin < end;
  });
}

bool Scope::comma_between(std::size_t begin, std::size_t end) const {
  for (std::size_t at = begin; at < end; ++at) {
    if (word(at) == ",") return true;
  }
  return false;
}

}  // namespace meridian::imaging
