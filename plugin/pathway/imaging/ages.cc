// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/ages.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "pathway/imaging/finding_levels.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_age = 3;  ///< so far from its level an age may stand

bool is_vertebra(const PlaceMark& mark) {
  const bool range = mark.place.joined == Joined::range && mark.place.rows.front().size() == 1;
  return (range || !is_pair(mark.place)) && !mark.foramen && !mark.again;
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

Ages::Ages(const Scope& scope, const ImagingVocabulary& vocabulary)
    : scope_(scope), vocabulary_(vocabulary) {}

std::size_t Ages::kind_at(const Candidate& candidate, const std::string& level) const {
  if (level.empty() || scope_.places().size() < 2) return candidate.kind;
  for (const auto& place : scope_.places()) {
    if (!is_vertebra(place)) continue;
    const auto names = names_of_kind(place.place, "vertebra");
    if (std::find(names.begin(), names.end(), level) == names.end()) continue;
    const auto old = old_at(place);
    if (!old) continue;
    return *old ? old_kind(vocabulary_, candidate.kind) : recent_kind(vocabulary_, candidate.kind);
  }
  return candidate.kind;
}

std::vector<AgedLevel> Ages::levels() const {
  std::vector<AgedLevel> aged;
  for (const auto& place : scope_.places()) {
    const auto old = is_vertebra(place) ? old_at(place) : std::nullopt;
    if (!old) continue;
    for (auto& name : names_of_kind(place.place, "vertebra")) aged.push_back({name, *old});
  }
  return aged;
}

std::optional<bool> Ages::old_at(const PlaceMark& place) const {
  const auto before = old_before(place);
  return before ? before : old_behind(place);
}

/// "old: L1", "a fresh one at L3"
std::optional<bool> Ages::old_before(const PlaceMark& place) const {
  constexpr std::array<std::string_view, 6> light = {"one", "ones", "at", "in", "of", ":"};
  for (auto at = place.begin; at > scope_.begin() && place.begin - at < words_to_age; --at) {
    for (auto begin = at; begin-- > scope_.begin() && at - begin <= words_to_age;) {
      if (is_old_word(begin, at)) return true;
      if (scope_.says_recent(begin) && begin + 1 == at) return false;
    }
    if (std::find(light.begin(), light.end(), scope_.word(at - 1)) == light.end()) break;
  }
  return std::nullopt;
}

/// "L1 old, L2 new", "T9 and L1 are old", "one (L1) is acute"
std::optional<bool> Ages::old_behind(const PlaceMark& place) const {
  constexpr std::array<std::string_view, 8> light = {"(",    ")",   ":", ",",
                                                     "both", "now", "=", "body"};
  for (auto at = place.end; at < scope_.end() && at - place.end <= words_to_age; ++at) {
    const auto old = old_word_at(at);
    const auto end = old ? *old : at + 1;
    if (old || scope_.says_recent(at)) {
      if (leads_to_place(end) || scope_.candidate_begins(end)) return std::nullopt;
      return old.has_value();
    }
    const bool light_word = std::find(light.begin(), light.end(), scope_.word(at)) != light.end() ||
                            scope_.covers(Cue::predicate, at) || scope_.covers(Cue::probable, at);
    if (!light_word) break;
  }
  return std::nullopt;
}

bool Ages::is_old_word(std::size_t begin, std::size_t end) const {
  return std::any_of(scope_.ages().begin(), scope_.ages().end(),
                     [&](const Candidate& word) { return word.begin == begin && word.end == end; });
}

/// The end of the words "old", "as before" that begin here.
std::optional<std::size_t> Ages::old_word_at(std::size_t begin) const {
  std::optional<std::size_t> end;
  for (const auto& word : scope_.ages()) {
    if (word.begin == begin && (!end || *end < word.end)) end = word.end;
  }
  return end;
}

/// "L1, new L2", "L1, a new one at L2": the age is that of the next level.
bool Ages::leads_to_place(std::size_t at) const {
  const auto& places = scope_.places();
  return std::any_of(places.begin(), places.end(), [&](const PlaceMark& place) {
    return place.begin >= at && place.begin < at + words_to_age &&
           !scope_.comma_between(at, place.begin) && !scope_.ends_between(at, place.begin);
  });
}

}  // namespace meridian::imaging
