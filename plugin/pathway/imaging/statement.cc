// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/statement.h"

#include <algorithm>
#include <set>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_level = 4;    ///< of "is seen at the" between finding and level
constexpr std::size_t words_of_history = 8;  ///< so far "status post" reaches
constexpr std::size_t words_to_side = 6;
constexpr std::size_t most_levels = 5;  ///< more are the whole region: no level

class Reader {
 public:
  Reader(const Scope& scope, const Sentence& sentence, const ImagingVocabulary& vocabulary,
         const CarriedPlace& carried)
      : scope_(scope), sentence_(sentence), vocabulary_(vocabulary), carried_(carried) {}

  std::vector<Mention> read() const {
    std::vector<Mention> mentions;
    for (std::size_t i = 0; i < scope_.candidates().size(); ++i) {
      const auto& candidate = scope_.candidates()[i];
      Mention mention;
      mention.kind = candidate.kind;
      mention.side = side_of(i);
      mention.negated = negated(candidate);
      mention.certainty = certainty_of(candidate);
      mention.historical = historical(candidate, mention.negated);
      for (auto& level : levels_of(candidate, mention.negated)) {
        mention.level = std::move(level);
        mentions.push_back(mention);
      }
    }
    return mentions;
  }

  /// The sentence says that it is not there.
  bool negated(const Candidate& candidate) const {
    if (candidate.clear) return true;
    if (said_after(Cue::possible_after, candidate)) return false;
    return said_before(Cue::negation, candidate) || said_after(Cue::negated_after, candidate);
  }

 private:
  const ImagingKind& kind_of(const Candidate& candidate) const {
    return vocabulary_.kinds[candidate.kind];
  }

  /// The last cue before the finding that still holds there.
  bool said_before(Cue cue, const Candidate& candidate) const {
    const auto& marks = scope_.cues(cue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      if (mark.end > candidate.begin) return false;
      if (cue == Cue::negation && scope_.overlaps(Cue::no_negation, mark)) return false;
      return scope_.reaches(mark.end, candidate.begin);
    });
  }

  bool said_after(Cue cue, const Candidate& candidate) const {
    const auto& marks = scope_.cues(cue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      if (cue == Cue::negated_after && scope_.overlaps(Cue::no_negation, mark)) return false;
      return scope_.reaches_back(candidate.end, mark.begin);
    });
  }

  std::string certainty_of(const Candidate& candidate) const {
    const bool possible =
        said_before(Cue::possible, candidate) || said_after(Cue::possible_after, candidate);
    if (possible) return "possible";
    const bool probable =
        said_before(Cue::probable, candidate) || said_after(Cue::probable_after, candidate);
    return probable ? "probable" : "definite";
  }

  /// "the previously seen extrusion has resolved" is of today.
  bool historical(const Candidate& candidate, bool negated) const {
    if (sentence_.section == "history" || sentence_.section == "comparison") return true;
    if (asked_for(candidate) || said_after(Cue::history_after, candidate)) return true;
    const auto& marks = scope_.cues(Cue::history);
    return !negated && std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      if (mark.end > candidate.begin || scope_.overlaps(Cue::no_history, mark)) return false;
      return candidate.begin - mark.end <= words_of_history &&
             scope_.reaches(mark.end, candidate.begin) && !seen_after(mark.end);
    });
  }

  /// "rule out fracture", "question fracture": why the study was done.
  bool asked_for(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::reason);
    return said_before(Cue::reason, candidate) ||
           std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
             return mark.begin < candidate.begin && mark.end > candidate.begin;
           });
  }

  bool seen_after(std::size_t at) const {
    const auto& marks = scope_.cues(Cue::seen_now);
    return std::any_of(marks.begin(), marks.end(),
                       [&](const PhraseMark& mark) { return mark.begin >= at; });
  }

  // --- side ---

  std::string side_in(std::size_t begin, std::size_t end, bool central) const {
    std::set<std::size_t> said;
    for (std::size_t side = 0; side < side_names.size(); ++side) {
      for (const auto& mark : scope_.sides(side)) {
        if (mark.begin >= begin && mark.end <= end && (side < 3 || central)) said.insert(side);
      }
    }
    if (said.contains(2) || (said.contains(0) && said.contains(1))) return "bilateral";
    if (said.contains(0)) return "left";  // "left central" lies on the left
    if (said.contains(1)) return "right";
    return said.contains(3) ? "central" : "";
  }

  /// Inside the finding's words, else between the finding before and this one, else right behind.
  std::string side_of(std::size_t index) const {
    const auto& candidates = scope_.candidates();
    const auto& candidate = candidates[index];
    const auto& sides = kind_of(candidate).sides;
    if (sides == "none") return {};
    const bool central = sides == "three";
    auto side = side_in(candidate.begin, candidate.end, central);
    if (!side.empty()) return side;
    const auto before = index == 0 ? scope_.begin() : candidates[index - 1].end;
    if (before < candidate.begin) side = side_in(before, candidate.begin, central);
    if (!side.empty()) return side;
    auto after = std::min(scope_.end(), candidate.end + words_to_side);
    if (index + 1 < candidates.size()) after = std::min(after, candidates[index + 1].begin);
    for (std::size_t at = candidate.end; at < after; ++at) {
      if (scope_.word(at) == "," || scope_.begins(Cue::linked, at)) after = at;
    }
    return candidate.end < after ? side_in(candidate.end, after, central) : "";
  }

  // --- level ---

  /// "disc bulge is seen at the L4-L5 level", "fracture (L1)": nothing but location words between.
  bool directly_before(const Candidate& candidate, const PlaceMark& place) const {
    if (place.begin < candidate.end || place.begin - candidate.end > words_to_level) return false;
    bool located = false;
    for (std::size_t at = candidate.end; at < place.begin; ++at) {
      if (!scope_.covers(Cue::location, at) && scope_.word(at) != "(") return false;
      located = true;
    }
    return located;
  }

  /// The sentence begins with its level, or comes to it by "at": what follows is at that level.
  bool leads(const PlaceMark& place) const {
    if (place.begin <= scope_.begin() + 1) return true;
    return scope_.word(place.begin - 1) == "at" && place.begin < scope_.candidates().front().begin;
  }

  /// Findings between vertebrae do not mean "behind the L5 body" beside "L4-L5".
  bool fits(const PlaceMark& place, bool between) const {
    const auto is_pair = [](const PlaceMark& each) {
      return each.place.rows.front().size() > 1 || each.place.joined != Joined::listed;
    };
    const auto& places = scope_.places();
    return !between || is_pair(place) || std::none_of(places.begin(), places.end(), is_pair);
  }

  const PlaceMark* place_of(const Candidate& candidate, bool between, bool negated) const {
    const PlaceMark* before = nullptr;
    const PlaceMark* after = nullptr;
    for (const auto& place : scope_.places()) {
      if (!fits(place, between)) continue;
      if (place.begin < candidate.end && candidate.begin < place.end) return &place;
      if (directly_before(candidate, place)) return &place;
      if (place.end <= candidate.begin) before = &place;
      if (place.begin >= candidate.end && after == nullptr) after = &place;
    }
    if (before != nullptr && leads(*before)) return before;
    if (before != nullptr && (after == nullptr || linked(*before, candidate))) {
      const bool apart = negated && scope_.has_candidate(scope_.begin(), candidate.begin);
      return apart ? nullptr : before;  // "protrusion at L4-L5, no fracture"
    }
    if (after == nullptr || scope_.reaches(candidate.end, after->begin)) return after;
    return before;
  }

  /// "... at L4-L5 with facet arthropathy": what follows "with" is at the same level.
  bool linked(const PlaceMark& place, const Candidate& candidate) const {
    for (std::size_t at = place.end; at < candidate.begin; ++at) {
      if (scope_.begins(Cue::linked, at) || scope_.begins(Cue::negation, at)) return true;
    }
    return false;
  }

  std::vector<std::string> levels_of(const Candidate& candidate, bool negated) const {
    const auto& levels = kind_of(candidate).levels;
    const bool between = levels == "disc";
    const Place* place = nullptr;
    if (levels == "none") {
      return {""};
    } else if (!scope_.places().empty()) {
      const auto* mark = place_of(candidate, between, negated);
      if (mark != nullptr) return names_at(*mark, levels);
    } else if (carries(levels, negated)) {
      place = &*carried_.place;
    }
    return place == nullptr ? std::vector<std::string>{""} : names_of_kind(*place, levels);
  }

  static std::vector<std::string> names_of_kind(const Place& place, const std::string& levels) {
    auto names = names_of(place, levels == "disc");
    const bool unstated = names.size() > most_levels || (levels == "extent" && spans(place, names));
    if (names.empty() || unstated) return {""};
    return names;
  }

  /// "and at", "and moderate at the": right before the place.
  bool joined_by_and(const PlaceMark& before, const PlaceMark& place) const {
    for (std::size_t at = place.begin - 1; at > before.end; --at) {
      if (scope_.word(at) == "and") return at + 1 < place.begin;
      if (!scope_.covers(Cue::location, at) && !scope_.covers(Cue::severity, at)) return false;
    }
    return before.end < place.begin && scope_.word(before.end) == "and";
  }

  /// With the places that follow in the same list: "at L3-L4, 3 mm, and at L4-L5, 4 mm".
  std::vector<std::string> names_at(const PlaceMark& mark, const std::string& levels) const {
    auto names = names_of_kind(mark.place, levels);
    const PlaceMark* last = &mark;
    for (const auto& place : scope_.places()) {
      if (place.begin <= last->end) continue;
      const bool goes_on =
          joined_by_and(*last, place) && !scope_.has_candidate(last->end, place.begin);
      if (!goes_on) break;
      for (auto& name : names_of_kind(place.place, levels)) names.push_back(std::move(name));
      last = &place;
    }
    return names;
  }

  /// Collections and the cord: over several levels is no level.
  static bool spans(const Place& place, const std::vector<std::string>& names) {
    return names.size() > 1 && (place.joined == Joined::range || place.rows.size() == 1);
  }

  bool carries(const std::string& levels, bool negated) const {
    const bool said = carried_.place && scope_.cues(Cue::elsewhere).empty();
    return said && levels != "vertebra" && (carried_.heads || !negated);
  }

  const Scope& scope_;
  const Sentence& sentence_;
  const ImagingVocabulary& vocabulary_;
  const CarriedPlace& carried_;
};

bool is_heading(const Scope& scope) {
  if (scope.places().size() != 1) return false;
  const auto& place = scope.places().front();
  for (std::size_t at = scope.begin(); at < scope.end(); ++at) {
    const bool inside = at >= place.begin && at < place.end;
    const auto& word = scope.word(at);
    if (!inside && word != ":" && word != "." && word != "level" && word != "levels") return false;
  }
  return true;
}

/// "L4-L5: ..." or "At L4-L5 ..."
bool heads_line(const Scope& scope) {
  if (scope.places().empty()) return false;
  const auto& place = scope.places().back();
  const auto end = place.end;
  return place.begin == scope.begin() && end < scope.end() && scope.word(end) == ":";
}

}  // namespace

Statement read_statement(const ReportText& text, const Sentence& sentence,
                         const ImagingVocabulary& vocabulary, const Meanings& meanings,
                         const CarriedPlace& carried) {
  const Scope scope(text, sentence, vocabulary, meanings);
  Statement statement;
  const Reader reader(scope, sentence, vocabulary, carried);
  statement.mentions = reader.read();
  for (const auto& word : scope.serious_words()) {
    if (!reader.negated(word)) statement.unread.push_back(word.kind);
  }
  if (!scope.places().empty()) statement.place = scope.places().back().place;
  statement.only_place = is_heading(scope);
  statement.heads = statement.only_place || heads_line(scope);
  return statement;
}

}  // namespace meridian::imaging
