// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/statement.h"

#include <algorithm>
#include <set>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_level = 4;    ///< of "is seen at the" between finding and level
constexpr std::size_t words_of_own = 3;      ///< so far before its finding a level may stand
constexpr std::size_t words_of_history = 8;  ///< so far "status post" reaches
constexpr std::size_t words_of_not = 4;      ///< so far "not" reaches
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
      const bool gone = mention.negated && said_after(Cue::negated_after, candidate);
      for (auto& level : levels_of(candidate, mention.negated)) {
        if (is_other_kind(candidate, level)) continue;
        mention.level = std::move(level);
        if (gone) forget(mentions, mention);
        mentions.push_back(mention);
      }
    }
    return mentions;
  }

  /// "when an extrusion was present, the extrusion is no longer seen" tells of one that is gone.
  static void forget(std::vector<Mention>& mentions, const Mention& gone) {
    std::erase_if(mentions, [&](const Mention& earlier) {
      return earlier.kind == gone.kind && earlier.level == gone.level && !earlier.negated;
    });
  }

  /// The sentence says that it is not there.
  bool negated(const Candidate& candidate) const {
    if (candidate.clear) return true;
    if (said_after(Cue::possible_after, candidate)) return false;
    return said_before(Cue::negation, candidate) || said_right_before(candidate) ||
           said_after(Cue::negated_after, candidate);
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
      const bool said_of_others =
          scope_.overlaps(Cue::no_negation, mark) || scope_.within(Cue::negated_after, mark);
      if (cue == Cue::negation && said_of_others) return false;
      return scope_.reaches(mark.end, candidate.begin);
    });
  }

  /// "degenerative rather than infectious": both are of one place.
  bool said_instead(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::negation);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return mark.end <= candidate.begin && scope_.begins(Cue::linked, mark.begin) &&
             scope_.reaches(mark.end, candidate.begin);
    });
  }

  /// "not compressed": reaches the next words only.
  bool said_right_before(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::negated_next);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      const bool near = mark.end <= candidate.begin && candidate.begin - mark.end <= words_of_not;
      return near && !scope_.overlaps(Cue::no_negation, mark) &&
             !scope_.overlaps(Cue::negated_after, mark) &&
             scope_.reaches(mark.end, candidate.begin);
    });
  }

  bool said_after(Cue cue, const Candidate& candidate) const {
    const auto& marks = scope_.cues(cue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      const bool unsaid =
          scope_.overlaps(Cue::no_negation, mark) || scope_.overlaps(Cue::history_after, mark);
      if (cue == Cue::negated_after && unsaid) return false;
      if (scope_.within(Cue::no_negation, mark)) return false;
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
    if (asked_for(candidate)) return true;
    if (candidate.turned) return false;  // an old fracture is seen now
    const bool told_after = !negated && said_after(Cue::history_after, candidate);
    if (told_after && !seen_after(candidate.end)) return true;
    const auto& marks = scope_.cues(Cue::history);
    return !negated && std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      if (mark.end > candidate.begin || scope_.overlaps(Cue::no_history, mark)) return false;
      if (operation_between(mark.end, candidate)) return false;
      return candidate.begin - mark.end <= words_of_history &&
             scope_.reaches(mark.end, candidate.begin) && !seen_after(mark.end);
    });
  }

  /// "status post fusion with an abscess": the fusion was then, the abscess is now.
  bool operation_between(std::size_t begin, const Candidate& candidate) const {
    if (kind_of(candidate).tier == "context") return false;
    const auto& all = scope_.candidates();
    return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return other.end > begin && other.end <= candidate.begin && kind_of(other).tier == "context";
    });
  }

  /// "rule out fracture", "question fracture": why the study was done.
  bool asked_for(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::reason);
    const bool first = scope_.begins(Cue::reason_first, scope_.begin()) &&
                       scope_.reaches(scope_.begin(), candidate.begin);
    return first || std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
             if (scope_.within(Cue::no_negation, mark)) return false;  // "cannot rule out"
             const bool inside = mark.begin < candidate.begin && mark.end > candidate.begin;
             const bool before = mark.end <= candidate.begin;
             return inside || (before && scope_.reaches(mark.end, candidate.begin));
           });
  }

  bool seen_after(std::size_t at) const {
    const auto& marks = scope_.cues(Cue::seen_now);
    return std::any_of(marks.begin(), marks.end(),
                       [&](const PhraseMark& mark) { return mark.begin >= at; });
  }

  /// Words that two kinds share mean the one whose level it is: "height loss" at L4-L5 is of the
  /// disc, at L1 of the vertebra.
  bool is_other_kind(const Candidate& candidate, const std::string& level) const {
    const auto& all = scope_.candidates();
    const bool shared = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return other.kind != candidate.kind && other.weak && other.begin == candidate.begin;
    });
    if (!candidate.weak || !shared) return false;
    const bool told = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return !other.weak && other.begin < candidate.begin && kind_of(other).levels == "vertebra";
    });
    if (told) return true;  // "a fracture with height loss" is one finding
    const bool disc = kind_of(candidate).levels == "disc";
    if (level.empty()) {
      return !disc || std::none_of(all.begin(), all.end(), [&](const Candidate& other) {
        return !other.weak && kind_of(other).levels == "disc";
      });
    }
    return disc != (level.find('-') != std::string::npos);
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
    const bool at = scope_.word(place.begin - 1) == "at" || scope_.word(place.begin - 2) == "at";
    return at && place.begin < scope_.candidates().front().begin;
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

  static bool is_pair(const Place& place) {
    return place.rows.front().size() > 1 || place.joined != Joined::listed;
  }

  /// Findings between vertebrae do not mean "behind the L5 body" beside "L4-L5".
  bool fits(const PlaceMark& place, bool between) const {
    const auto& places = scope_.places();
    const bool pairs = std::any_of(places.begin(), places.end(),
                                   [](const PlaceMark& each) { return is_pair(each.place); });
    return !between || is_pair(place.place) || !pairs;
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
    // "protrusion at L4-L5, no fracture"
    const bool apart = negated && scope_.has_candidate(scope_.begin(), candidate.begin) &&
                       !said_after(Cue::negated_after, candidate) &&
                       !said_right_before(candidate) && !said_instead(candidate);
    if (before != nullptr && leads(*before) && !(apart && !between && !heads(*before))) {
      return before;
    }
    if (before != nullptr && after != nullptr && own(*before, candidate)) return before;
    if (before != nullptr && (after == nullptr || linked(*before, candidate))) {
      return apart ? nullptr : before;
    }
    if (after == nullptr || scope_.reaches(candidate.end, after->begin)) return after;
    const bool follows = !negated && before == nullptr && !is_owned(*after) &&
                         !scope_.ends_between(candidate.end, after->begin);
    return follows ? after : before;
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
      const bool behind = mark != nullptr && between && !is_pair(mark->place) && carried_.heads &&
                          carried_.place && is_pair(*carried_.place);
      if (behind) return names_of_kind(*carried_.place, levels);  // "L4-L5: fragment behind L5"
      if (mark != nullptr) return names_at(*mark, levels);
    } else if (carries(levels, negated)) {
      place = &*carried_.place;
    }
    return place == nullptr ? std::vector<std::string>{""} : names_of_kind(*place, levels);
  }

  static std::vector<std::string> names_of_kind(const Place& place, const std::string& levels) {
    if (levels == "vertebra" && place.joined == Joined::slip) {  // a defect of L5 beside L5 on S1
      return names_of({{place.rows.front()}, Joined::listed}, false);
    }
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

  /// "stenosis L2-L3 mild, L3-L4 moderate"
  bool graded(const PlaceMark& before, const PlaceMark& place) const {
    for (std::size_t at = before.end; at < place.begin; ++at) {
      const auto& word = scope_.word(at);
      const bool light = word == "," || word == "at" || scope_.covers(Cue::severity, at);
      if (!light) return false;
    }
    return !scope_.has_candidate(place.end, scope_.end());
  }

  /// With the places that follow in the same list: "at L3-L4, 3 mm, and at L4-L5, 4 mm".
  std::vector<std::string> names_at(const PlaceMark& mark, const std::string& levels) const {
    auto names = names_of_kind(mark.place, levels);
    const PlaceMark* last = &mark;
    for (const auto& place : scope_.places()) {
      if (place.begin <= last->end) continue;
      const bool goes_on = (joined_by_and(*last, place) || graded(*last, place)) &&
                           !scope_.has_candidate(last->end, place.begin);
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

  /// A vertebra named before says nothing about the discs.
  bool carries(const std::string& levels, bool negated) const {
    const bool said = carried_.place && scope_.cues(Cue::elsewhere).empty();
    const bool single = said && !is_pair(*carried_.place);
    if (levels == "vertebra") return single && carried_.heads;
    return said && !(levels == "disc" && single) &&
           (!negated || (carried_.heads && levels == "disc"));
  }

  const Scope& scope_;
  const Sentence& sentence_;
  const ImagingVocabulary& vocabulary_;
  const CarriedPlace& carried_;
};

/// Words that name a level and nothing else: "at the ... level", "... disc".
bool is_name(const Scope& scope, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end; ++at) {
    const auto& word = scope.word(at);
    const bool number = word == "." || word == ")" || (word.front() >= '0' && word.front() <= '9');
    if (!number && word != "disc" && !scope.covers(Cue::location, at)) return false;
  }
  return true;
}

/// "L4-L5", "At the L4-L5 level:"
bool is_heading(const Scope& scope) {
  if (scope.places().size() != 1) return false;
  const auto& place = scope.places().front();
  const bool colon = scope.word(scope.end() - 1) == ":";
  return is_name(scope, scope.begin(), place.begin) &&
         is_name(scope, place.end, colon ? scope.end() - 1 : scope.end());
}

/// "L4-L5: ...", "L4-L5 level: ..."
bool heads_line(const Scope& scope) {
  if (scope.places().empty()) return false;
  const auto& place = scope.places().front();
  auto colon = place.end;
  while (colon < scope.end() && scope.word(colon) != ":") ++colon;
  return colon < scope.end() && is_name(scope, scope.begin(), place.begin) &&
         is_name(scope, place.end, colon);
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
  statement.only_place = is_heading(scope);
  statement.heads = statement.only_place || heads_line(scope);
  const auto& places = scope.places();
  if (!places.empty()) statement.place = (statement.heads ? places.front() : places.back()).place;
  return statement;
}

}  // namespace meridian::imaging
