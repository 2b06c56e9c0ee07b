// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/statement.h"

#include <algorithm>

#include "pathway/imaging/denials.h"
#include "pathway/imaging/exceptions.h"
#include "pathway/imaging/headings.h"
#include "pathway/imaging/left_open.h"
#include "pathway/imaging/mentions.h"
#include "pathway/imaging/scope.h"
#include "pathway/imaging/shared_words.h"
#include "pathway/imaging/sides.h"
#include "pathway/imaging/times.h"

namespace meridian::imaging {
namespace {

const std::string foramen_levels = "foramen";

class Reader {
 public:
  Reader(const Scope& scope, const Sentence& sentence, const ImagingVocabulary& vocabulary,
         const CarriedPlace& carried)
      : scope_(scope),
        sentence_(sentence),
        vocabulary_(vocabulary),
        carried_(carried),
        denials_(scope, vocabulary),
        times_(scope, sentence, vocabulary, denials_),
        ages_(scope, vocabulary),
        shared_(scope, vocabulary, denials_) {}

  std::vector<Mention> read() const {
    std::vector<Mention> mentions;
    for (std::size_t i = 0; i < scope_.candidates().size(); ++i) {
      const auto& candidate = scope_.candidates()[i];
      if (of_another(candidate) || unjudged(candidate)) continue;
      Mention mention;
      mention.kind = candidate.kind;
      mention.side = side_of(scope_, vocabulary_, i);
      mention.negated = denials_.negated(candidate);
      if (candidate.denied && !mention.negated) continue;
      mention.certainty = certainty_of(candidate);
      if (mention.negated && mention.certainty == "possible" && times_.asked_for(candidate)) {
        mention.certainty = "definite";  // "?metastases: none"
      }
      mention.historical = times_.historical(candidate, mention.negated);
      if (told_as_past(candidate, mention)) mention.kind = old_kind(vocabulary_, mention.kind);
      const bool asks = times_.is_clinical() && (!times_.asked_with_symptoms(candidate) ||
                                                 times_.asked_as_question(candidate));
      // "suspected discitis." may be the reporter's own suspicion
      const bool known = times_.is_background(candidate) && mention.certainty == "definite";
      mention.requested = mention.historical && (asks || known);
      const bool gone = mention.negated && denials_.said_after(Cue::negated_after, candidate);
      if (gone && candidate.turned) mention.kind = recent_kind(vocabulary_, mention.kind);
      mention.weak = candidate.weak || times_.is_of_reader(candidate);
      for (auto& level : levels_at(candidate, mention.negated)) {
        if (shared_.is_other_kind(candidate, level)) continue;
        if (!mention.negated && !mention.historical) {
          mention.kind = ages_.kind_at(candidate, level);
        }
        mention.level = std::move(level);
        if (is_lesser_likely(mention, mentions)) continue;
        if (gone || candidate.clear) forget(mentions, mention, gone);
        mention.recent = !scope_.cues(Cue::recent).empty();
        if (mention.negated) give_way(mentions, mention);
        mentions.push_back(mention);
        if (mention.negated || mention.historical || !ages_.is_both(candidate)) continue;
        for (const auto kind :
             {old_kind(vocabulary_, mention.kind), recent_kind(vocabulary_, mention.kind)}) {
          if (kind != mention.kind) mentions.push_back(mention), mentions.back().kind = kind;
        }
      }
    }
    add_aged(mentions);
    for (const auto& mark : scope_.cues(Cue::another))
      add_another(scope_, vocabulary_, mark, mentions);
    Exceptions(scope_, vocabulary_, denials_).add(mentions);
    drop_answered(mentions);
    const bool seen = std::any_of(mentions.begin(), mentions.end(),
                                  [](const Mention& each) { return !each.historical; });
    for (auto& mention : mentions) mention.requested = mention.requested && !seen;
    return mentions;
  }

  /// "cemented T12 and L1 fractures, and a fresh one at L3"
  void add_aged(std::vector<Mention>& mentions) const {
    const auto has_age = [&](const Mention& each) {
      const bool now = !each.negated && !each.historical;
      return now && old_kind(vocabulary_, each.kind) != recent_kind(vocabulary_, each.kind);
    };
    const auto last = std::find_if(mentions.rbegin(), mentions.rend(), has_age);
    if (last == mentions.rend()) return;
    Mention another = *last;
    for (const auto& aged : ages_.levels()) {
      const bool told = std::any_of(mentions.begin(), mentions.end(), [&](const Mention& each) {
        return each.level == aged.level || each.level.find(aged.level + "-") == 0;
      });
      if (told) continue;
      another.kind =
          aged.old ? old_kind(vocabulary_, another.kind) : recent_kind(vocabulary_, another.kind);
      another.level = aged.level;
      another.recent = !aged.old;
      mentions.push_back(another);
    }
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

  /// "no fracture other than the known one": a serious kind is denied and is not.
  std::vector<std::size_t> excepted() const {
    std::vector<std::size_t> kinds;
    for (const auto& candidate : scope_.candidates()) {
      if (kind_of(candidate).tier != "serious") continue;
      const bool negated = denials_.negated(candidate);
      const bool follows = negated && (scope_.begins(Cue::exception, candidate.end) ||
                                       scope_.begins(Cue::exception, candidate.end + 1));
      const bool over = negated || times_.historical(candidate, false);
      if (follows || (over && is_told_on(scope_, candidate, negated)))
        kinds.push_back(candidate.kind);
    }
    for (const auto& candidate : scope_.candidates()) {
      if (const auto kind = dated_twice(candidate)) kinds.push_back(*kind);
      const bool beyond = denials_.is_beyond_list(candidate) || denials_.is_beyond_comma(candidate);
      const bool open = kind_of(candidate).tier == "serious" && unjudged(candidate);
      if (beyond || open || is_nowhere(candidate)) kinds.push_back(candidate.kind);
    }
    return kinds;
  }

  /// "a lesion at L4-L5", "destruction at L4-L5": a serious word at a level that does not fit its
  /// kind, and that no other kind shares.
  bool is_nowhere(const Candidate& candidate) const {
    const bool serious = kind_of(candidate).tier == "serious" && candidate.weak;
    if (!serious || candidate.denied || shared_.is_of_root(candidate)) return false;
    const auto& all = scope_.candidates();
    const bool shared = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      return other.kind != candidate.kind && other.begin < candidate.end &&
             candidate.begin < other.end;
    });
    const bool negated = denials_.negated(candidate);
    if (shared || negated || times_.historical(candidate, negated)) return false;
    const auto levels = levels_at(candidate, negated);
    return std::all_of(levels.begin(), levels.end(), [&](const std::string& level) {
      return shared_.is_other_kind(candidate, level);
    });
  }

  /// "an abscess cannot be commented on": for a person, where it would be serious.
  bool unjudged(const Candidate& candidate) const {
    return !candidate.clear && denials_.said_after(Cue::unjudged, candidate) &&
           !denials_.said_after(Cue::possible_after, candidate) && !denials_.negated(candidate) &&
           !times_.asked_for(candidate);
  }

  /// "fractures: L1 old, L2 new", "known, now worse": the serious kind in whose place an old one is
  /// told, where another word of the sentence says that something is recent.
  std::optional<std::size_t> dated_twice(const Candidate& candidate) const {
    const auto& kind = kind_of(candidate);
    const bool all_old = ages_.rest().value_or(false);  // "all of them old, and a fourth"
    if (!candidate.turned && kind.tier != "context" && !all_old) return std::nullopt;
    const auto serious = recent_kind(vocabulary_, candidate.kind);
    const bool ages = serious != old_kind(vocabulary_, candidate.kind);
    if (!ages || vocabulary_.kinds[serious].tier != "serious") return std::nullopt;
    const auto& marks = scope_.cues(Cue::recent);
    const bool recent = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      Candidate word;
      word.kind = candidate.kind;
      word.begin = mark.begin;
      word.end = mark.end;
      return !denials_.negated(word);
    });
    return recent ? std::optional(serious) : std::nullopt;
  }

  /// "her sister has had vertebral fractures", "MRI is more sensitive for fractures"
  bool of_another(const Candidate& candidate) const {
    const auto reaches = [&](const PhraseMark& mark) {
      const bool around = mark.begin < candidate.begin && candidate.end < mark.end;
      return around ||  // "if infection remains a concern"
             (mark.end <= candidate.begin && scope_.reaches(mark.end, candidate.begin) &&
              !is_advised_behind(mark, candidate));
    };
    const auto& relatives = scope_.cues(Cue::relative);
    const auto& general = scope_.cues(Cue::general);
    return std::any_of(relatives.begin(), relatives.end(), reaches) ||
           std::any_of(general.begin(), general.end(), reaches) ||
           scope_.begins(Cue::general_after, candidate.end);
  }

  /// "if pain persists, MRI to exclude a fracture": advised by the one who reports.
  bool is_advised_behind(const PhraseMark& general, const Candidate& candidate) const {
    const auto between = [&](const PhraseMark& mark) {
      return mark.begin >= general.end && mark.end <= candidate.begin;
    };
    if (scope_.cues(Cue::advised).empty()) return false;
    for (const auto cue : {Cue::advised, Cue::possible, Cue::reason}) {
      const auto& marks = scope_.cues(cue);
      if (std::any_of(marks.begin(), marks.end(), between)) return true;
    }
    return false;
  }

  const Ages& ages() const { return ages_; }
  bool negated(const Candidate& candidate) const { return denials_.negated(candidate); }

  /// What it tells of has no level: a collection from L1 to L4 is not a place for what follows.
  bool all_of_extent(const std::vector<Mention>& mentions) const {
    const auto extends = [&](const Mention& mention) {
      return vocabulary_.kinds[mention.kind].levels == "none";
    };
    return !mentions.empty() && std::all_of(mentions.begin(), mentions.end(), extends);
  }

  /// Nothing else is told: "the surgical bed shows no recurrence".
  bool all_of_operation(const std::vector<Mention>& mentions) const {
    return std::all_of(mentions.begin(), mentions.end(), [&](const Mention& each) {
      return is_operation(vocabulary_.kinds[each.kind]);
    });
  }

 private:
  const ImagingKind& kind_of(const Candidate& candidate) const {
    return vocabulary_.kinds[candidate.kind];
  }

  std::string certainty_of(const Candidate& candidate) const {
    const bool possible = times_.is_question(candidate) ||
                          denials_.said_before(Cue::possible, candidate) ||
                          denials_.said_after(Cue::possible_after, candidate);
    if (possible) return "possible";
    const bool probable = denials_.said_before(Cue::probable, candidate) ||
                          denials_.said_after(Cue::probable_after, candidate);
    return probable ? "probable" : "definite";
  }

  /// "a fracture of L3 in 1999", and not "?fracture" nor what a heading alone puts into the past.
  bool told_as_past(const Candidate& candidate, const Mention& mention) const {
    const bool told = sentence_.section == "history" || sentence_.section == "comparison";
    const bool headed = told && scope_.cues(Cue::dated).empty();
    return mention.historical && !mention.negated && !headed && mention.certainty != "possible" &&
           scope_.cues(Cue::request).empty() && !times_.asked_for(candidate);
  }

  std::vector<std::string> levels_at(const Candidate& candidate, bool negated) const {
    Denial denial;
    denial.negated = negated;
    denial.beside =
        candidate.clear ? denials_.said_with(candidate) : denials_.said_without(candidate);
    denial.apart = negated && scope_.has_candidate(scope_.begin(), candidate.begin) &&
                   !denials_.said_after(Cue::negated_after, candidate) &&
                   !denials_.said_right_before(candidate);
    denial.instead = negated && denials_.said_instead(candidate);
    denial.subject = candidate.clear || denials_.said_after(Cue::negated_after, candidate) ||
                     denials_.said_right_before(candidate);
    denial.next_told = negated && is_next_told(candidate);
    const bool leaves = kind_of(candidate).levels == "root" && narrows_foramen();
    const auto& fitting = leaves ? foramen_levels : kind_of(candidate).levels;
    auto levels = levels_of(scope_, carried_, candidate, fitting, denial);
    if (kind_of(candidate).levels != "vertebra" || !is_beside_slip(candidate)) return levels;
    for (auto& level : levels) level = level.substr(0, level.find('-'));
    if (const auto slipped = slipped_before(candidate)) return {*slipped};
    return levels;
  }

  /// "L5 has slipped 8 mm on S1, bilateral lysis": the defect is of the one that slips.
  std::optional<std::string> slipped_before(const Candidate& candidate) const {
    const auto& places = scope_.places();
    const bool two = places.size() == 2 && places.back().end <= candidate.begin &&
                     scope_.covers(Cue::slip, places.back().begin - 1);
    if (!two) return std::nullopt;
    return names_of_kind(places.front().place, "vertebra").front();
  }

  /// "foraminal narrowing at L5 with contact to the root": of the disc that the root leaves below.
  bool narrows_foramen() const {
    const auto& all = scope_.candidates();
    return std::any_of(all.begin(), all.end(), [&](const Candidate& each) {
      return kind_of(each).levels == foramen_levels;
    });
  }

  /// "no fracture, known healed fracture of L2"
  bool is_next_told(const Candidate& candidate) const {
    const auto& all = scope_.candidates();
    const auto next = std::find_if(all.begin(), all.end(), [&](const Candidate& other) {
      return other.begin >= candidate.end && !denials_.negated(other);
    });
    if (next == all.end() || !scope_.parted(candidate.end, next->begin)) return false;
    const auto& places = scope_.places();
    return std::none_of(places.begin(), places.end(), [&](const PlaceMark& place) {
      return place.begin >= candidate.end && place.end < next->begin;
    });
  }

  /// "lytic listhesis L4-L5", "slip L5-S1 with pars defects": the defect is of the vertebra that
  /// slips.
  bool is_beside_slip(const Candidate& candidate) const {
    const auto& all = scope_.candidates();
    return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      const bool beside = other.begin <= candidate.end && candidate.begin <= other.end;
      const bool of_slip = beside || kind_of(candidate).tier == "needs_concordance";
      return of_slip && kind_of(other).levels == "slip";
    });
  }

  const Scope& scope_;
  const Sentence& sentence_;
  const ImagingVocabulary& vocabulary_;
  const CarriedPlace& carried_;
  const Denials denials_;
  const Times times_;
  const Ages ages_;
  const SharedWords shared_;
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
    if (reader.negated(word) || reader.of_another(word)) continue;
    if (!is_ordinary_name(scope, word)) statement.unread.push_back(word.kind);
  }
  if (const auto kind = recent_and_unnamed(scope, vocabulary)) statement.unread.push_back(*kind);
  if (const auto kind = strange_and_unnamed(scope, vocabulary)) statement.unread.push_back(*kind);
  statement.answers = scope.answers();
  statement.only_place = is_heading(scope);
  statement.heads = statement.only_place || heads_line(scope);
  const auto& places = scope.places();
  statement.affirmed = scope.begins(Cue::now_there, scope.begin());
  statement.shows = shows_something(scope);
  statement.of_patient = !scope.cues(Cue::request).empty();
  statement.of_extent = reader.all_of_extent(statement.mentions);
  statement.of_bone =
      std::any_of(statement.mentions.begin(), statement.mentions.end(), [&](const Mention& each) {
        const bool there = !each.negated && !each.historical && !each.level.empty();
        return there && vocabulary.kinds[each.kind].levels == "vertebra";
      });
  if (reader.all_of_operation(statement.mentions) && is_absence(scope)) {
    statement.absent = true;
    statement.absent_of_heading = is_clear_disc(scope);
    const auto& mark = scope.cues(Cue::none_here).front();
    statement.absent_side = side_in(scope, mark.begin, mark.end, false);
  }
  if (scope.candidates().empty()) {
    statement.aged = reader.ages().levels();
    statement.rest = reader.ages().rest();
  }
  const bool another = scope.covers(Cue::filler, scope.begin());
  statement.grades = is_grade(scope);
  statement.elliptic = is_elliptic(scope);
  statement.alike = !scope.cues(Cue::alike).empty();
  if ((statement.aged.empty() || another) && is_list(scope)) {
    for (const auto& place : places) statement.listed.push_back(place.place);
    statement.fragment = !scope.starts_line() && scope.word(scope.end() - 1) != ":";
  }
  for (const auto& each : places) statement.places.push_back(each.place);
  statement.place = place_told(scope, statement.heads);
  statement.named = places.empty() && scope.named();
  return statement;
}

}  // namespace meridian::imaging
