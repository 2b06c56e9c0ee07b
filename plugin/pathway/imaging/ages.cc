// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/ages.h"

#include <algorithm>
#include <utility>

#include "pathway/imaging/finding_levels.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_age = 6;   ///< so far from its level an age may stand
constexpr std::size_t words_to_rest = 5;  ///< so far behind "both", "the others" it may stand
constexpr std::size_t words_to_only = 4;  ///< of "only the fracture of"

/// One vertebra or "T5 to T7", not a disc.
bool is_vertebra(const PlaceMark& mark) {
  const bool range = mark.place.joined == Joined::range && mark.place.rows.front().size() == 1;
  return (range || !is_pair(mark.place)) && !mark.foramen;
}

}  // namespace

std::size_t old_kind(const ImagingVocabulary& vocabulary, std::size_t kind) {
  const auto& kinds = vocabulary.kinds;
  const auto old = std::find_if(kinds.begin(), kinds.end(), [&](const ImagingKind& each) {
    const auto& bases = each.instead_of;
    return each.tier == "context" &&
           std::find(bases.begin(), bases.end(), kinds[kind].id) != bases.end();
  });
  return old == kinds.end() ? kind : static_cast<std::size_t>(old - kinds.begin());
}

std::size_t recent_kind(const ImagingVocabulary& vocabulary, std::size_t kind) {
  const auto& each = vocabulary.kinds[kind];
  if (each.tier != "context" || each.instead_of.empty()) return kind;
  const auto* recent = imaging_kind(vocabulary, each.instead_of.front());
  return recent == nullptr ? kind : static_cast<std::size_t>(recent - vocabulary.kinds.data());
}

std::optional<std::size_t> recent_and_unnamed(const Scope& scope,
                                              const ImagingVocabulary& vocabulary) {
  const auto& places = scope.places();
  const bool body = std::any_of(places.begin(), places.end(), [](const PlaceMark& mark) {
    return !mark.foramen && !is_pair(mark.place);
  });
  const auto& marks = scope.cues(Cue::recent);
  const bool recent = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return scope.says_recent(mark.begin);
  });
  if (!body || !recent || !scope.candidates().empty()) return std::nullopt;
  for (std::size_t kind = 0; kind < vocabulary.kinds.size(); ++kind) {
    if (old_kind(vocabulary, kind) != kind) return kind;
  }
  return std::nullopt;
}

Ages::Ages(const Scope& scope, const ImagingVocabulary& vocabulary)
    : scope_(scope), vocabulary_(vocabulary) {
  find_words();
  for (const auto& place : scope_.places()) {
    const auto old = is_vertebra(place) ? own_age(place) : std::nullopt;
    if (!old) continue;
    for (auto& name : names_of_kind(place.place, "vertebra")) aged_.push_back({name, *old});
  }
  find_rest();
}

/// The words that tell an age, the longest of those that overlap: "not acute" before "acute".
void Ages::find_words() {
  for (const auto& word : scope_.ages()) words_.push_back({word.begin, word.end, true});
  for (const auto& mark : scope_.cues(Cue::recent)) {
    if (scope_.says_recent(mark.begin)) words_.push_back({mark.begin, mark.end, false});
  }
  std::erase_if(words_, [all = words_](const Word& word) {
    return std::any_of(all.begin(), all.end(), [&](const Word& other) {
      const bool over = other.begin <= word.begin && word.end <= other.end;
      return over && other.end - other.begin > word.end - word.begin;
    });
  });
}

std::size_t Ages::kind_at(const Candidate& candidate, const std::string& level) const {
  const auto& places = scope_.places();
  const auto named = std::count_if(places.begin(), places.end(), [](const PlaceMark& mark) {
    return !mark.foramen;  // "T12 superior endplate" names one vertebra
  });
  if (!level.empty() && named > 1) {
    const auto own = std::find_if(aged_.begin(), aged_.end(),
                                  [&](const AgedLevel& each) { return each.level == level; });
    if (own != aged_.end()) return kind_of_age(candidate, own->old);
  }
  const bool told = rest_ && candidate.begin < rest_at_ && named_before(level, rest_at_);
  return told ? kind_of_age(candidate, *rest_) : candidate.kind;
}

/// The level is named before `end`, or not in this sentence.
bool Ages::named_before(const std::string& level, std::size_t end) const {
  bool later = false;
  for (const auto& place : scope_.places()) {
    if (level.empty() && is_vertebra(place) && place.begin < end) return false;
    const auto names = names_of_kind(place.place, "vertebra");
    if (std::find(names.begin(), names.end(), level) == names.end()) continue;
    if (place.begin < end) return true;
    later = true;
  }
  return !later;
}

/// "old, with a fresh component", "acute on chronic": not "without an acute component", nor what
/// has a level of its own.
bool Ages::is_both(const Candidate& candidate) const {
  const bool old = std::any_of(words_.begin(), words_.end(), [](const Word& w) { return w.old; });
  if (!old || !of_dated(candidate.begin)) return false;
  const auto& marks = scope_.cues(Cue::both_ages);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const auto& denials = scope_.cues(Cue::negation);
    const bool denied = std::any_of(denials.begin(), denials.end(), [&](const PhraseMark& denial) {
      return denial.end <= mark.begin && scope_.reaches(denial.end, mark.begin);
    });
    const auto& places = scope_.places();
    const bool elsewhere = std::any_of(places.begin(), places.end(), [&](const PlaceMark& place) {
      return mark.begin > candidate.begin && place.begin >= mark.end &&
             place.begin < mark.end + words_to_rest && !scope_.parted(mark.end, place.begin);
    });
    return !denied && !elsewhere;
  });
}

std::size_t Ages::kind_of_age(const Candidate& candidate, bool old) const {
  return old ? old_kind(vocabulary_, candidate.kind) : recent_kind(vocabulary_, candidate.kind);
}

std::optional<bool> Ages::own_age(const PlaceMark& place) const {
  for (const auto& word : words_) {  // "the known L3 fracture"
    const bool around = word.begin < place.begin && place.begin < word.end;
    const bool of_it = word.end == place.begin + 1 || of_dated(word.end - 1);
    if (around && of_it) return word.old;
  }
  const auto before = old_before(place);
  const auto own = before ? before : old_behind(place);
  if (own) return own;
  const auto& marks = scope_.cues(Cue::another);  // "and a fourth, at L4": its age nobody tells
  const bool another = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.end <= place.begin && place.begin - mark.end < words_to_only &&
           !scope_.has_candidate(mark.end, place.begin);
  });
  return another ? std::optional(false) : std::nullopt;
}

/// "old: L1", "a fresh one at L3", "an acute endplate fracture of L2"
std::optional<bool> Ages::old_before(const PlaceMark& place) const {
  for (auto at = place.begin; at > scope_.begin() && place.begin - at < words_to_age; --at) {
    for (const auto& word : words_) {
      if (word.end == at) return word.old;
    }
    if (!scope_.covers(Cue::to_level, at - 1) && !of_dated(at - 1)) break;
  }
  return std::nullopt;
}

/// "L1 old, L2 new", "T9 and L1 are old", "one (L1) is acute", "the L1 fracture is new"
std::optional<bool> Ages::old_behind(const PlaceMark& place) const {
  bool comma = false;
  for (auto at = place.end; at < scope_.end() && at - place.end < words_to_age; ++at) {
    const auto word = std::find_if(words_.begin(), words_.end(),
                                   [&](const Word& each) { return each.begin == at; });
    if (word != words_.end()) {
      if (leads_to_place(word->end)) return std::nullopt;
      return word->old;
    }
    if (names_place(at)) break;  // "L1 and L3, the former old"
    const bool light = scope_.is_number(at) || scope_.covers(Cue::to_age, at) ||
                       scope_.covers(Cue::predicate, at) || scope_.covers(Cue::probable, at);
    if (!light && (comma || !of_dated(at))) break;
    comma = comma || scope_.word(at) == ",";
  }
  return std::nullopt;
}

/// A place is named here.
bool Ages::names_place(std::size_t at) const {
  const auto& places = scope_.places();
  return std::any_of(places.begin(), places.end(),
                     [&](const PlaceMark& place) { return place.begin <= at && at < place.end; });
}

/// A word of a finding that may be old.
bool Ages::of_dated(std::size_t at) const {
  const auto& all = scope_.candidates();
  return std::any_of(all.begin(), all.end(), [&](const Candidate& each) {
    return each.begin <= at && at < each.end &&
           old_kind(vocabulary_, each.kind) != recent_kind(vocabulary_, each.kind);
  });
}

/// "L1, new L2", "L1, a new one at L2": the age is that of the next level or finding.
bool Ages::leads_to_place(std::size_t begin) const {
  for (auto at = begin; at < scope_.end() && at - begin < words_to_age; ++at) {
    if (scope_.word(at) == "@" || scope_.candidate_begins(at)) return true;
    if (!scope_.covers(Cue::to_level, at)) return false;
  }
  return false;
}

/// "both are old", "the others are old", "none of them is new", "only L1 is acute"
void Ages::find_rest() {
  for (const auto& mark : scope_.cues(Cue::rest)) {
    const auto* word = word_behind(mark.end);
    if (word != nullptr) set_rest(mark.begin, word->old);
  }
  for (const auto& mark : scope_.cues(Cue::none_of)) {
    for (auto at = mark.end; at < scope_.end() && at - mark.end < words_to_rest; ++at) {
      if (scope_.begins(Cue::recent, at)) set_rest(mark.begin, true);
      if (scope_.word(at) == "," || scope_.word(at) == "@") break;
    }
  }
  for (const auto& mark : scope_.cues(Cue::only)) {
    const auto last = std::min(scope_.end(), mark.end + words_to_only);
    if (rest_) continue;
    for (const auto& place : scope_.places()) {
      const auto old = is_vertebra(place) ? own_age(place) : std::nullopt;
      if (old && place.begin >= mark.end && place.begin < last) set_rest(mark.begin, !*old);
    }
    const auto* word = word_behind(mark.end);
    const bool ordinal =
        scope_.begins(Cue::former, mark.end) || scope_.begins(Cue::latter, mark.end);
    if (word != nullptr && ordinal) set_rest(mark.begin, !word->old);
  }
}

void Ages::set_rest(std::size_t at, bool old) {
  rest_ = old;
  rest_at_ = at;
}

/// The age that is said of the words before `begin`, with no level or comma between.
const Ages::Word* Ages::word_behind(std::size_t begin) const {
  for (auto at = begin; at < scope_.end() && at - begin < words_to_rest; ++at) {
    const auto word = std::find_if(words_.begin(), words_.end(),
                                   [&](const Word& each) { return each.begin == at; });
    if (word != words_.end()) return leads_to_place(word->end) ? nullptr : &*word;
    if (scope_.word(at) == "," || scope_.word(at) == "@") return nullptr;
  }
  return nullptr;
}

}  // namespace meridian::imaging
