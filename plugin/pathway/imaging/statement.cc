// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/statement.h"

#include <algorithm>
#include <set>

#include "pathway/imaging/denials.h"
#include "pathway/imaging/headings.h"
#include "pathway/imaging/scope.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_of_history = 8;   ///< so far "status post" reaches
constexpr std::size_t words_of_question = 4;  ///< so far "?" reaches
constexpr std::size_t words_to_side = 6;
constexpr std::size_t words_to_date = 4;       ///< so close behind a finding its year stands
constexpr std::size_t words_of_old_study = 2;  ///< "history of": more than one word "old"

class Reader {
 public:
  Reader(const Scope& scope, const Sentence& sentence, const ImagingVocabulary& vocabulary,
         const CarriedPlace& carried)
      : scope_(scope),
        sentence_(sentence),
        vocabulary_(vocabulary),
        carried_(carried),
        denials_(scope, vocabulary) {}

  std::vector<Mention> read() const {
    std::vector<Mention> mentions;
    for (std::size_t i = 0; i < scope_.candidates().size(); ++i) {
      const auto& candidate = scope_.candidates()[i];
      if (of_another(candidate)) continue;
      Mention mention;
      mention.kind = candidate.kind;
      mention.side = side_of(i);
      mention.negated = denials_.negated(candidate);
      if (candidate.denied && !mention.negated) continue;
      mention.certainty = certainty_of(candidate);
      mention.historical = historical(candidate, mention.negated);
      if (told_as_past(candidate, mention)) mention.kind = of_the_past(mention.kind);
      mention.requested = mention.historical && is_clinical() &&
                          (!asked_with_symptoms(candidate) || asked_as_question(candidate));
      const bool gone = mention.negated && denials_.said_after(Cue::negated_after, candidate);
      for (auto& level : levels_at(candidate, mention.negated)) {
        if (is_other_kind(candidate, level)) continue;
        mention.level = std::move(level);
        if (gone || candidate.clear) forget(mentions, mention, gone);
        mention.weak = candidate.weak;
        if (mention.negated) give_way(mentions, mention);
        mentions.push_back(mention);
      }
    }
    for (const auto& mark : scope_.cues(Cue::none_here)) add_absent(mark, mentions);
    drop_answered(mentions);
    const bool seen = std::any_of(mentions.begin(), mentions.end(),
                                  [](const Mention& each) { return !each.historical; });
    for (auto& mention : mentions) mention.requested = mention.requested && !seen;
    return mentions;
  }

  /// "the aorta is dilated, ?aneurysm": what is asked beside what is.
  void drop_answered(std::vector<Mention>& mentions) const {
    if (sentence_.section == "history" || sentence_.section == "comparison") return;
    const auto all = mentions;
    std::erase_if(mentions, [&](const Mention& then) {
      const bool asked = then.historical && then.certainty == "possible";
      return asked && std::any_of(all.begin(), all.end(), [&](const Mention& now) {
               return !now.historical && now.kind == then.kind && now.level == then.level;
             });
    });
  }

  /// "severe at L4-L5, absent at L2-L3", "moderate on the right, none left"
  void add_absent(const PhraseMark& mark, std::vector<Mention>& mentions) const {
    const auto& all = scope_.candidates();
    const auto next = std::find_if(all.begin(), all.end(),
                                   [&](const Candidate& each) { return each.end > mark.begin; });
    if (next == all.begin() || scope_.ends_between(std::prev(next)->end, mark.begin)) return;
    const auto& last = *std::prev(next);
    const auto said = std::find_if(mentions.begin(), mentions.end(), [&](const Mention& each) {
      return each.kind == last.kind && !each.negated;
    });
    if (said == mentions.end()) return;
    Mention absent = *said;
    absent.negated = true;
    absent.certainty = "definite";
    absent.side = side_in(mark.begin, mark.end, false);
    if (absent.side.empty()) absent.level.clear();
    for (const auto& place : scope_.places()) {
      const bool here = place.begin >= mark.begin && place.begin < mark.end;
      // "at C5-C6, not at C6-C7" of the cord: how far it reaches
      if (here && kind_of(last).levels == "none") return;
      if (here) absent.level = names_of_kind(place.place, kind_of(last).levels).front();
    }
    std::erase_if(mentions, [&](const Mention& each) {  // the level was read as one of the list
      return each.kind == absent.kind && each.level == absent.level && absent.side.empty();
    });
    mentions.push_back(absent);
  }

  /// "when an extrusion was present, the extrusion is no longer seen" tells of one that is gone,
  /// "the previously compressed cauda equina is free" of one that was.
  static void forget(std::vector<Mention>& mentions, const Mention& absent, bool gone) {
    std::erase_if(mentions, [&](const Mention& earlier) {
      const bool same = earlier.kind == absent.kind && earlier.level == absent.level;
      return same && !earlier.negated && (gone || earlier.historical);
    });
  }

  /// "an ectatic aorta, not aneurysmal": what says less gives way to the denial of its kind.
  static void give_way(std::vector<Mention>& mentions, const Mention& absent) {
    std::erase_if(mentions, [&](const Mention& earlier) {
      const bool same = earlier.kind == absent.kind && earlier.level == absent.level;
      return same && earlier.weak && !earlier.negated;
    });
  }

  /// "no fracture other than the known one": a serious kind is denied and is not.
  std::vector<std::size_t> excepted() const {
    std::vector<std::size_t> kinds;
    for (const auto& candidate : scope_.candidates()) {
      const bool serious = kind_of(candidate).tier == "serious";
      const bool follows = scope_.begins(Cue::exception, candidate.end) ||
                           scope_.begins(Cue::exception, candidate.end + 1);
      if (serious && follows && denials_.negated(candidate)) kinds.push_back(candidate.kind);
    }
    for (const auto& candidate : scope_.candidates()) {
      if (const auto kind = dated_twice(candidate)) kinds.push_back(*kind);
      const bool beyond = denials_.is_beyond_list(candidate) || denials_.is_beyond_comma(candidate);
      if (beyond) kinds.push_back(candidate.kind);
    }
    return kinds;
  }

  /// "fractures: L1 old, L2 new", "known, now worse": the serious kind in whose place an old one is
  /// told, where another word of the sentence says that something is recent.
  std::optional<std::size_t> dated_twice(const Candidate& candidate) const {
    const auto& kind = kind_of(candidate);
    const bool old = candidate.turned || kind.tier == "context";
    if (!old || kind.instead_of.empty()) return std::nullopt;
    const auto* serious = imaging_kind(vocabulary_, kind.instead_of.front());
    if (serious == nullptr || serious->tier != "serious") return std::nullopt;
    const auto& marks = scope_.cues(Cue::recent);
    const bool recent = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      Candidate word;
      word.kind = candidate.kind;
      word.begin = mark.begin;
      word.end = mark.end;
      return !denials_.negated(word);
    });
    if (!recent) return std::nullopt;
    return static_cast<std::size_t>(serious - vocabulary_.kinds.data());
  }

  /// "her sister has had vertebral fractures", "MRI is more sensitive for fractures"
  bool of_another(const Candidate& candidate) const {
    const auto reaches = [&](const PhraseMark& mark) {
      const bool around = mark.begin < candidate.begin && candidate.end < mark.end;
      return around ||  // "if infection remains a concern"
             (mark.end <= candidate.begin && scope_.reaches(mark.end, candidate.begin));
    };
    const auto& relatives = scope_.cues(Cue::relative);
    const auto& general = scope_.cues(Cue::general);
    return std::any_of(relatives.begin(), relatives.end(), reaches) ||
           std::any_of(general.begin(), general.end(), reaches) ||
           scope_.begins(Cue::general_after, candidate.end);
  }

  bool negated(const Candidate& candidate) const { return denials_.negated(candidate); }

  /// What it tells of has no level: a collection from L1 to L4 is not a place for what follows.
  bool all_of_extent(const std::vector<Mention>& mentions) const {
    const auto extends = [&](const Mention& mention) {
      return vocabulary_.kinds[mention.kind].levels == "none";
    };
    return !mentions.empty() && std::all_of(mentions.begin(), mentions.end(), extends);
  }

 private:
  const ImagingKind& kind_of(const Candidate& candidate) const {
    return vocabulary_.kinds[candidate.kind];
  }

  /// "?cauda equina" is a phrase of its own.
  bool is_question(const Candidate& candidate) const {
    for (std::size_t at = candidate.begin; at < candidate.end; ++at) {
      if (scope_.word(at) == "?") return true;
    }
    return false;
  }

  std::string certainty_of(const Candidate& candidate) const {
    const bool possible = is_question(candidate) ||
                          denials_.said_before(Cue::possible, candidate) ||
                          denials_.said_after(Cue::possible_after, candidate);
    if (possible) return "possible";
    const bool probable = denials_.said_before(Cue::probable, candidate) ||
                          denials_.said_after(Cue::probable_after, candidate);
    return probable ? "probable" : "definite";
  }

  /// "the previously seen extrusion has resolved" is of today.
  bool historical(const Candidate& candidate, bool negated) const {
    if (sentence_.section == "history" || sentence_.section == "comparison") return true;
    if (asked_for(candidate)) return true;
    if (negated) return false;
    // "stable appearance of the treated metastasis": a serious one is not told as over too soon
    const bool serious = kind_of(candidate).tier == "serious";
    if (serious && seen_after(scope_.begin())) return false;
    const bool told_after = denials_.said_after(Cue::history_after, candidate) || dated(candidate);
    if (told_after && !candidate.turned && !seen_after(candidate.end)) return true;
    const auto& marks = scope_.cues(Cue::history);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      if (names_operation(mark)) return is_operation_of(mark, candidate) && !is_left(candidate);
      const bool of_old = candidate.turned || !kind_of(candidate).instead_of.empty();
      const bool is_old = of_old && mark.end - mark.begin < words_of_old_study;
      if (is_old) return false;  // an old fracture is seen now
      if (mark.end > candidate.begin || scope_.overlaps(Cue::no_history, mark)) return false;
      if (operation_between(mark.end, candidate)) return false;
      if (stated_between(mark.end, candidate.begin)) return false;
      if (serious && new_since(mark.end, candidate)) return false;
      return candidate.begin - mark.end <= words_of_history &&
             scope_.reaches(mark.end, candidate.begin) && !seen_after(mark.end);
    });
  }

  /// "a fracture of L3 in 1999", and not "?fracture" nor what a heading alone puts into the past.
  bool told_as_past(const Candidate& candidate, const Mention& mention) const {
    const bool headed = sentence_.section == "history" || sentence_.section == "comparison";
    return mention.historical && !mention.negated && !headed && mention.certainty != "possible" &&
           scope_.cues(Cue::request).empty() && !asked_for(candidate);
  }

  /// The kind of the same that is long over: a fracture of then is an old one.
  std::size_t of_the_past(std::size_t kind) const {
    const auto& kinds = vocabulary_.kinds;
    const auto old = std::find_if(kinds.begin(), kinds.end(), [&](const ImagingKind& each) {
      const auto& bases = each.instead_of;
      return each.tier == "context" &&
             std::find(bases.begin(), bases.end(), kinds[kind].id) != bases.end();
    });
    return old == kinds.end() ? kind : static_cast<std::size_t>(old - kinds.begin());
  }

  /// "after laminectomy": the words of history and the operation are one phrase.
  bool names_operation(const PhraseMark& mark) const {
    const auto& all = scope_.candidates();
    return std::any_of(all.begin(), all.end(),
                       [&](const Candidate& other) { return is_operation_of(mark, other); });
  }

  /// "post-laminectomy changes": what the operation left is there now.
  bool is_left(const Candidate& candidate) const {
    const auto& last = scope_.word(candidate.end - 1);
    return last.starts_with("change") || last.starts_with("defect");
  }

  bool is_operation_of(const PhraseMark& mark, const Candidate& candidate) const {
    const bool inside = mark.begin < candidate.end && candidate.begin < mark.end;
    const auto& kind = kind_of(candidate);
    return inside && kind.tier == "context" && kind.instead_of.empty() && !candidate.turned;
  }

  /// "epidural abscess in 2019", "... of L3, according to the referral"
  bool dated(const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::dated);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      if (mark.begin < candidate.end || mark.begin - candidate.end > words_to_date) return false;
      for (std::size_t at = candidate.end; at < mark.begin; ++at) {
        const auto& word = scope_.word(at);
        const bool compared = word == "since" || word == "than" || word == "from" || word == "to" ||
                              word == "with" || word == "compared" || word == "before";
        const bool ends = word == ";" || word == "." || word == ":" || word == "as";
        if (compared || ends || scope_.begins(Cue::scope_end, at)) return false;
        if (scope_.begins(Cue::recent, at)) return false;  // "is new from 2022"
      }
      return !scope_.has_candidate(candidate.end, mark.begin);
    });
  }

  /// "status post fusion with an abscess": the fusion was then, the abscess is now; "laminectomy
  /// and fusion" were both then, "laminectomy with scar" left the scar.
  bool operation_between(std::size_t begin, const Candidate& candidate) const {
    const bool operation = kind_of(candidate).tier == "context";
    const auto& all = scope_.candidates();
    return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      if (other.end <= begin || other.end > candidate.begin) return false;
      if (kind_of(other).tier != "context") return false;
      return !operation || (other.kind == candidate.kind && leaves(other.end, candidate.begin));
    });
  }

  /// "laminectomy with scar", "the laminotomy is scar": what stands behind is there now.
  bool leaves(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at < end && scope_.word(at) != ","; ++at) {
      if (scope_.word(at) == "with" || scope_.begins(Cue::predicate, at)) return true;
    }
    return false;
  }

  /// "in keeping with the history of trauma there are fractures"
  bool stated_between(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at + 1 < end; ++at) {
      const auto& next = scope_.word(at + 1);
      if (scope_.word(at) == "there" && (next == "is" || next == "are")) return true;
    }
    return false;
  }

  /// "history of lymphoma, new L2 lesion"
  bool new_since(std::size_t begin, const Candidate& candidate) const {
    const auto& marks = scope_.cues(Cue::recent);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return mark.begin > begin && mark.end <= candidate.end && scope_.parted(begin, mark.begin);
    });
  }

  bool asked_for(const Candidate& candidate) const {
    return asked_as_question(candidate) || asked_with_symptoms(candidate);
  }

  /// "rule out fracture", "question fracture": why the study was done.
  bool asked_as_question(const Candidate& candidate) const {
    const bool weighed = candidate.end < scope_.end() && (scope_.word(candidate.end) == "vs" ||
                                                          scope_.word(candidate.end) == "versus");
    if (is_question(candidate)) return true;
    if (weighed) return false;  // "? discitis vs degeneration": what was seen may be either
    const auto& marks = scope_.cues(Cue::reason);
    const bool first = scope_.begins(Cue::reason_first, scope_.begin()) &&
                       scope_.cues(Cue::advised).empty() &&
                       reaches_as_question(scope_.begin(), candidate);
    const bool last = candidate.end + 1 == scope_.end() && scope_.word(candidate.end) == "?";
    return first || last || std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
             if (scope_.within(Cue::no_negation, mark)) return false;  // "cannot rule out"
             const bool behind = scope_.word(mark.begin) == ",";  // ", query fracture; MRI advised"
             if (behind && !scope_.cues(Cue::advised).empty()) return false;
             const bool inside = mark.begin < candidate.begin && mark.end > candidate.begin;
             const bool before = mark.end <= candidate.begin;
             return inside || (before && reaches_as_question(mark.end, candidate));
           });
  }

  /// The sentence is the referrer's, by its words.
  bool is_clinical() const {
    return !scope_.cues(Cue::request).empty() && scope_.cues(Cue::advised).empty() &&
           scope_.cues(Cue::imaged).empty();
  }

  /// "weight loss, malignancy must be excluded", "loin pain ?aneurysm"
  bool asked_with_symptoms(const Candidate& candidate) const {
    if (!is_clinical()) return false;
    const bool sign = candidate.begin > scope_.begin() && scope_.word(candidate.begin - 1) == "?";
    return sign || denials_.said_after(Cue::asked_after, candidate);
  }

  /// "?cauda equina syndrome" asks for the next words only.
  bool reaches_as_question(std::size_t from, const Candidate& candidate) const {
    const bool sign = scope_.word(from) == "?" || (from > 0 && scope_.word(from - 1) == "?");
    const bool beyond = candidate.begin > from + words_of_question ||
                        (scope_.has_candidate(from, candidate.begin) &&
                         !scope_.covers(Cue::joining, candidate.begin - 1));
    if (sign && beyond) return false;
    return scope_.reaches(from, candidate.begin);
  }

  bool seen_after(std::size_t at) const {
    const auto& marks = scope_.cues(Cue::seen_now);
    return std::any_of(marks.begin(), marks.end(),
                       [&](const PhraseMark& mark) { return mark.begin >= at; });
  }

  /// Words that two kinds share mean the one whose level it is: "height loss" at L4-L5 is of the
  /// disc, at L1 of the vertebra.
  bool is_other_kind(const Candidate& candidate, const std::string& level) const {
    if (candidate.denied) return false;
    const auto& all = scope_.candidates();
    const bool shared = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return other.kind != candidate.kind && other.weak && other.begin == candidate.begin;
    });
    const bool of_vertebra = !level.empty() && level.find('-') == std::string::npos;
    if (candidate.weak && kind_of(candidate).levels == "disc" && of_vertebra) return true;
    if (!candidate.weak || !shared) return false;
    const bool told = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return !other.weak && other.begin < candidate.begin && kind_of(other).levels == "vertebra";
    });
    if (told) return true;  // "a fracture with height loss" is one finding
    const bool disc = kind_of(candidate).levels == "disc";
    if (!disc && of_discs()) return true;  // "discs L3-S1 dry with loss of height"
    if (level.empty()) {
      return !disc || std::none_of(all.begin(), all.end(), [&](const Candidate& other) {
        return !other.weak && kind_of(other).levels == "disc";
      });
    }
    return disc != (level.find('-') != std::string::npos);
  }

  /// All levels of the sentence are pairs or ranges, and a disc is spoken of.
  bool of_discs() const {
    const auto& all = scope_.candidates();
    const auto& places = scope_.places();
    return !places.empty() && std::all_of(places.begin(), places.end(), is_pair) &&
           std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
             return !other.weak && kind_of(other).levels == "disc";
           });
  }

  static bool is_pair(const PlaceMark& mark) {
    return mark.place.rows.front().size() > 1 || mark.place.joined != Joined::listed;
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

  std::vector<std::string> levels_at(const Candidate& candidate, bool negated) const {
    Denial denial;
    denial.negated = negated;
    denial.beside =
        candidate.clear ? denials_.said_with(candidate) : denials_.said_without(candidate);
    denial.apart = negated && scope_.has_candidate(scope_.begin(), candidate.begin) &&
                   !denials_.said_after(Cue::negated_after, candidate) &&
                   !denials_.said_right_before(candidate) && !denials_.said_instead(candidate);
    return levels_of(scope_, carried_, candidate, kind_of(candidate).levels, denial);
  }

  const Scope& scope_;
  const Sentence& sentence_;
  const ImagingVocabulary& vocabulary_;
  const CarriedPlace& carried_;
  const Denials denials_;
};

}  // namespace

Statement read_statement(const ReportText& text, const Sentence& sentence,
                         const ImagingVocabulary& vocabulary, const Meanings& meanings,
                         const CarriedPlace& carried) {
  const Scope scope(text, sentence, vocabulary, meanings);
  Statement statement;
  const Reader reader(scope, sentence, vocabulary, carried);
  statement.mentions = reader.read();
  statement.unread = reader.excepted();
  for (const auto& word : scope.serious_words()) {
    if (!reader.negated(word) && !reader.of_another(word)) statement.unread.push_back(word.kind);
  }
  statement.only_place = is_heading(scope);
  statement.heads = statement.only_place || heads_line(scope);
  const auto& places = scope.places();
  statement.of_extent = reader.all_of_extent(statement.mentions);
  if (statement.mentions.empty() && !scope.cues(Cue::none_here).empty()) {
    statement.absent = places.empty() ? "" : names_of_kind(places.front().place, "disc").front();
  }
  if (!places.empty()) statement.place = (statement.heads ? places.front() : places.back()).place;
  return statement;
}

}  // namespace meridian::imaging
