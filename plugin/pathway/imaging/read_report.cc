// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/read_report.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "pathway/imaging/statement.h"
#include "pathway/imaging/told_before.h"

namespace meridian::imaging {
namespace {

bool outranks(const std::string& section, const std::string& other) {
  const auto rank = [](const std::string& name) {
    return name == "addendum" ? 2 : name == "impression" ? 1 : 0;
  };
  return rank(section) > rank(other);
}

/// Of the patient, or of an earlier study: not of this one.
bool is_background(std::string_view section) {
  return section == "history" || section == "comparison";
}

bool is_read(const std::string& section) {
  return section != "technique" && section != "exam";
}

/// It has a level, or its sentence names the spine: "sacral fracture" in a report of the pelvis.
bool is_of_spine(const ImagingFinding& finding, const ImagingVocabulary& vocabulary) {
  if (!finding.level.empty()) return true;
  const auto spine = vocabulary.phrases.find_tag("region:spine_only");
  const auto text = read_text(finding.text.reveal(), vocabulary);
  return std::any_of(text.marks.begin(), text.marks.end(),
                     [&](const PhraseMark& mark) { return spine && mark.tag == *spine; });
}

/// "T11 and L2 lytic": words of no kind that is read, but with a level.
bool names_level(const ImagingFinding& word, const ImagingVocabulary& vocabulary) {
  const auto text = read_text(word.text.reveal(), vocabulary);
  return std::any_of(text.words.begin(), text.words.end(),
                     [](const Word& each) { return each.text == "@"; });
}

/// Gathers the findings of a report and settles what it says more than once.
class Gatherer {
 public:
  Gatherer(std::string_view narrative, const ReportText& text, const ImagingVocabulary& vocabulary)
      : narrative_(narrative), text_(text), vocabulary_(vocabulary) {}

  void add(const Sentence& sentence, const Mention& mention) {
    ImagingFinding finding = finding_of(sentence, mention.kind);
    finding.level = mention.level;
    finding.side = mention.side;
    finding.certainty = mention.certainty;
    finding.negated = mention.negated;
    finding.historical = mention.historical;
    if (!mention.requested) not_requested_.insert(finding.kind);
    if (mention.recent) recent_.insert({finding.kind, finding.level});
    if (!mention.weak && mention.negated) denied_by_name_.insert(finding.kind);
    const bool seen = !mention.weak && !mention.negated && !mention.historical;
    if (seen) by_name_.insert({finding.kind, finding.level});
    for (auto& known : result_.findings) {
      if (!same(known, finding)) continue;
      if (outranks(finding.section, known.section)) {
        if (finding.side.empty()) finding.side = known.side;
        known = std::move(finding);
      } else if (known.side.empty()) {
        known.side = finding.side;
      }
      return;
    }
    result_.findings.push_back(std::move(finding));
  }

  void add_unread(const Sentence& sentence, std::size_t kind) {
    if (is_background(sentence.section)) return;
    result_.unread.push_back(finding_of(sentence, kind));
  }

  /// A serious finding where none is expected: for a person.
  void add_misplaced(const Sentence& sentence, const Mention& mention) {
    const bool serious = vocabulary_.kinds[mention.kind].tier == "serious";
    if (serious && !mention.negated && !mention.historical) add_unread(sentence, mention.kind);
  }

  /// A normal part, where the question was of it: "the epidural fat is clean".
  void answer(const Sentence& sentence, std::size_t kind) {
    const auto& id = vocabulary_.kinds[kind].id;
    const auto& all = result_.findings;
    const bool asked = std::any_of(all.begin(), all.end(), [&](const ImagingFinding& each) {
      return each.kind == id && each.historical && !each.negated && each.certainty != "definite";
    });
    const bool told = std::any_of(all.begin(), all.end(), [&](const ImagingFinding& each) {
      return each.kind == id && each.negated && !each.historical;
    });
    if (!asked || told) return;
    auto finding = finding_of(sentence, kind);
    finding.negated = true;
    finding.certainty = "definite";
    result_.findings.push_back(std::move(finding));
  }

  ReportReading take() {
    for (auto& finding : result_.findings) {
      if (is_known_unseen(finding)) finding.historical = true;
    }
    date_all();
    const auto all = result_.findings;
    for (const auto& finding : all) {
      const bool for_a_person =
          is_open_question(finding) || is_half_denied(finding) || may_still_be(finding);
      if (for_a_person) result_.unread.push_back(finding);
    }
    std::erase_if(result_.unread, [&](const ImagingFinding& word) {  // told already, by the finding
      return std::any_of(all.begin(), all.end(), [&](const ImagingFinding& other) {
        return other.kind == word.kind && !other.negated && !other.historical &&
               is_of_spine(other, vocabulary_);
      });
    });
    std::erase_if(result_.findings, [&](const ImagingFinding& finding) {
      return std::any_of(all.begin(), all.end(),
                         [&](const ImagingFinding& other) { return replaces(other, finding); });
    });
    return std::move(result_);
  }

 private:
  /// "?sarcoma", "query aneurysm" among what was seen: asked of the reader, and not answered.
  bool is_open_question(const ImagingFinding& asked) const {
    const bool told = is_background(asked.section);
    const bool first = asked.span_begin == 0 && asked.certainty == "probable";  // "Suspected CES."
    const bool unsure = asked.certainty == "possible" || first;
    const bool open = asked.historical && unsure && !asked.negated;
    if (told || !open || imaging_kind(vocabulary_, asked.kind)->tier != "serious") return false;
    if (!not_requested_.contains(asked.kind)) return false;
    return !is_told_of_now(asked.kind);
  }

  /// "abscess unlikely": denied by somebody who could not exclude it.
  bool is_half_denied(const ImagingFinding& denied) const {
    const bool told = is_background(denied.section);
    const bool half = denied.negated && !denied.historical && denied.certainty != "definite";
    return half && !told && imaging_kind(vocabulary_, denied.kind)->tier == "serious";
  }

  /// "the L1 metastasis seen before has been irradiated, a small focus remains": of then, but with
  /// a place or a look of its own, and nothing says how it is now.
  bool may_still_be(const ImagingFinding& then) const {
    const bool told = is_background(then.section);
    const bool past = then.historical && !then.negated && then.certainty != "possible";
    if (told || !past || imaging_kind(vocabulary_, then.kind)->tier != "serious") return false;
    for (const auto* plain : {"cue:dated", "cue:request", "cue:reason"}) {
      if (has_mark(then, plain)) return false;
    }
    const bool looks = has_mark(then, "cue:imaged") || has_mark(then, "cue:residue") ||
                       has_mark(then, "cue:seen_now") || has_mark(then, "cue:now_there");
    const bool at_place =
        std::any_of(text_.words.begin(), text_.words.end(),
                    [&](const Word& word) { return word.text == "@" && lies_in(then, word); });
    return (looks || at_place) && !is_told_of_now(then.kind);
  }

  bool is_told_of_now(const std::string& kind) const {
    const auto& all = result_.findings;
    return std::any_of(all.begin(), all.end(), [&](const ImagingFinding& other) {
      return other.kind == kind && !other.historical;
    });
  }

  /// "Wedging of T8. Wedging of T12. ... The vertebral fractures are chronic.": of all told before
  /// of which nothing said that they are recent.
  void date_all() {
    auto& all = result_.findings;
    for (auto aged = all.begin(); aged != all.end(); ++aged) {
      const auto& kind = *imaging_kind(vocabulary_, aged->kind);
      const bool all_of_them = aged->level.empty() && !aged->negated && !aged->historical &&
                               aged->certainty == "definite" && has_mark(*aged, "cue:rest");
      if (!all_of_them || kind.tier != "context" || is_of_sacrum(*aged)) continue;
      const auto& bases = kind.instead_of;
      for (auto told = all.begin(); told != aged; ++told) {
        const bool now = !told->level.empty() && !told->negated && !told->historical;
        const bool recent = recent_.contains({told->kind, told->level});
        if (!now || recent || std::find(bases.begin(), bases.end(), told->kind) == bases.end()) {
          continue;
        }
        told->kind = aged->kind;
      }
    }
  }

  /// "Known AAA, 5 cm. The aorta is not included.": what is known, and not looked at here.
  bool is_known_unseen(const ImagingFinding& known) const {
    const bool there = !known.negated && !known.historical && known.certainty == "definite";
    const bool serious = imaging_kind(vocabulary_, known.kind)->tier == "serious";
    if (!there || !serious || !has_mark(known, "cue:background")) return false;
    if (has_mark(known, "cue:seen_now")) return false;  // "now measures 5 cm"
    const auto part = vocabulary_.phrases.find_tag("part:" + known.kind);
    const auto unseen = vocabulary_.phrases.find_tag("cue:history_after");
    if (!part || !unseen) return false;
    return std::any_of(text_.sentences.begin(), text_.sentences.end(), [&](const Sentence& each) {
      const auto first_of = [&](std::uint32_t tag, std::size_t from) {
        const auto mark =
            std::find_if(text_.marks.begin(), text_.marks.end(), [&](const PhraseMark& candidate) {
              return candidate.tag == tag && candidate.begin >= from && candidate.end <= each.end;
            });
        return mark == text_.marks.end() ? nullptr : &*mark;
      };
      const auto* named = first_of(*part, each.begin);
      if (lies_in(known, text_.words[each.begin])) return false;
      const bool next = each.begin > 0 && lies_in(known, text_.words[each.begin - 1]);
      const auto* not_seen = first_of(*unseen, each.begin);
      if (next && not_seen != nullptr && not_seen->begin == each.begin) return true;
      return named != nullptr && first_of(*unseen, named->end) != nullptr;
    });
  }

  static bool lies_in(const ImagingFinding& finding, const Word& word) {
    return word.begin >= finding.span_begin && word.begin < finding.span_begin + finding.span_size;
  }

  /// The sentence of the finding holds a phrase of that tag.
  bool has_mark(const ImagingFinding& finding, const std::string& name) const {
    const auto tag = vocabulary_.phrases.find_tag(name);
    return tag && std::any_of(text_.marks.begin(), text_.marks.end(), [&](const PhraseMark& mark) {
             return mark.tag == *tag && lies_in(finding, text_.words[mark.begin]);
           });
  }

  ImagingFinding finding_of(const Sentence& sentence, std::size_t kind) const {
    ImagingFinding finding;
    finding.kind = vocabulary_.kinds[kind].id;
    finding.section = sentence.section;
    finding.span_begin = text_.words[sentence.begin].begin;
    finding.span_size = text_.words[sentence.end - 1].end - finding.span_begin;
    finding.text.reveal() = narrative_.substr(finding.span_begin, finding.span_size);
    return finding;
  }

  static bool same(const ImagingFinding& a, const ImagingFinding& b) {
    const bool side = a.side == b.side || a.side.empty() || b.side.empty();
    return side && a.kind == b.kind && a.level == b.level && a.negated == b.negated &&
           a.historical == b.historical;
  }

  /// What another statement of the report makes superfluous, or corrects.
  bool replaces(const ImagingFinding& other, const ImagingFinding& finding) const {
    const bool same_level = other.level == finding.level;
    if (finding.historical != other.historical) return answers(other, finding);
    if (other.kind != finding.kind) {
      // plaques of a cord explain a "lesion at T9"
      const bool anywhere = imaging_kind(vocabulary_, other.kind)->levels == "none";
      // "Old L2 fracture. Mild retropulsion.": of that one
      const bool of_old = finding.level.empty() && !by_name_.contains({finding.kind, ""});
      return ((same_level || anywhere) && is_finer(other, finding)) ||
             (((same_level && !finding.level.empty()) || of_old) && dates(other, finding));
    }
    if (finding.negated == other.negated) {  // "multilevel bulges" beside those of each level
      return finding.level.empty() && !other.level.empty() && !is_of_sacrum(finding);
    }
    if (is_named_not_to_be(other, finding)) return true;
    if (is_named_not_to_be(finding, other)) return false;
    const bool both = finding.negated && finding.side == "bilateral";  // "on neither side"
    const bool other_side =
        !finding.side.empty() && !other.side.empty() && finding.side != other.side && !both;
    const bool there = finding.negated && !other.negated && !other_side;
    // "T12 fracture. No sacral fracture.": of another bone
    const bool of_sacrum =
        finding.negated && finding.level.empty() && !other.level.empty() && names_sacrum(finding);
    if (there && finding.level.empty()) return !of_sacrum;  // "no other fracture"
    const bool serious = imaging_kind(vocabulary_, finding.kind)->tier == "serious";
    const bool corrected = outranks(other.section, finding.section) && (!other_side || serious);
    const bool corrects = outranks(finding.section, other.section) && !serious;
    return same_level && ((corrected && (!serious || finding.negated)) || (there && !corrects));
  }

  /// "T12 fracture. Sacral ala fracture.": of the sacrum, which has no level.
  bool is_of_sacrum(const ImagingFinding& finding) const {
    return !finding.negated && names_sacrum(finding);
  }

  bool names_sacrum(const ImagingFinding& finding) const {
    return imaging_kind(vocabulary_, finding.kind)->levels == "vertebra" &&
           has_mark(finding, "region:sacrum") && !has_mark(finding, "cue:multilevel");
  }

  /// "mildly ectatic, 2.8 cm. No aneurysm.": weak words give way to the denial by name.
  bool is_named_not_to_be(const ImagingFinding& denied, const ImagingFinding& told) const {
    const auto& kind = *imaging_kind(vocabulary_, told.kind);
    return kind.tier == "serious" && kind.levels == "none" && denied.kind == told.kind &&
           denied.negated && !told.negated && !denied.historical && !told.historical &&
           denied_by_name_.contains(told.kind) && !by_name_.contains({told.kind, told.level});
  }

  static bool are_apart(const std::string& side, const std::string& other) {
    const bool named = !side.empty() && !other.empty() && side != other;
    return named && side != "bilateral" && other != "bilateral";
  }

  /// "L4-L5 herniation" beside "L4-L5 extrusion"
  bool is_finer(const ImagingFinding& other, const ImagingFinding& finding) const {
    if (finding.negated || other.negated || finding.historical || other.historical) return false;
    if (other.certainty == "possible" && finding.certainty != "possible") return false;
    if (are_apart(other.side, finding.side)) return false;
    const auto& kind = *imaging_kind(vocabulary_, finding.kind);
    // a "lesion of L1" is the haemangioma, a "suspicious lesion" is more than that
    if (kind.tier == "serious" && by_name_.contains({finding.kind, finding.level})) return false;
    const auto& finer = kind.finer;
    return std::find(finer.begin(), finer.end(), other.kind) != finer.end();
  }

  /// "fractures of T6 and T8. ... Chronic fracture of T6.": told again with its age, where nothing
  /// said that it is recent.
  bool dates(const ImagingFinding& other, const ImagingFinding& finding) const {
    if (!finding.side.empty() && finding.side != other.side) return false;
    if (finding.negated || other.negated || finding.historical || other.historical) return false;
    const auto* old = imaging_kind(vocabulary_, other.kind);
    const auto& bases = old->instead_of;
    return old->tier == "context" &&
           std::find(bases.begin(), bases.end(), finding.kind) != bases.end() &&
           (outranks(other.section, finding.section) ||
            !recent_.contains({finding.kind, finding.level}));
  }

  /// What the study was asked about, an earlier one showed or the history tells, and this one says.
  bool answers(const ImagingFinding& other, const ImagingFinding& finding) const {
    const auto* kind = imaging_kind(vocabulary_, finding.kind);
    if (!finding.historical) return false;
    const auto& turned = imaging_kind(vocabulary_, other.kind)->instead_of;
    const bool old = kind->tier == "serious" && !other.negated &&
                     std::find(turned.begin(), turned.end(), finding.kind) != turned.end();
    const auto& bases = kind->instead_of;  // "a fracture of L2 in 2019; no fracture of L2"
    const bool gone = other.negated && other.level == finding.level && !finding.level.empty() &&
                      std::find(bases.begin(), bases.end(), other.kind) != bases.end();
    const auto& finer = kind->finer;  // "query prolapse", and an extrusion is seen
    const bool seen = finding.certainty == "possible" && !other.negated &&
                      std::find(finer.begin(), finer.end(), other.kind) != finer.end();
    // "known T12 fracture", and more height is lost there now
    const bool worse = !other.negated && other.level == finding.level && !finding.level.empty() &&
                       std::find(bases.begin(), bases.end(), other.kind) != bases.end();
    const bool same_kind = other.kind == finding.kind || old || gone || seen || worse;
    const bool operation = is_operation(*kind);  // of the spine as a whole
    const bool same_level =
        operation || other.level == finding.level || other.level.empty() || finding.level.empty();
    return same_kind && same_level;
  }

  std::string_view narrative_;
  const ReportText& text_;
  const ImagingVocabulary& vocabulary_;
  ReportReading result_;
  std::set<std::string> not_requested_;  ///< kinds of which not only the referrer speaks
  std::set<std::pair<std::string, std::string>> recent_;   ///< kinds and levels
  std::set<std::pair<std::string, std::string>> by_name_;  ///< told by more than weak words
  std::set<std::string> denied_by_name_;                   ///< kinds
};

/// The level that a sentence without one means: that of its line, or of the heading above.
class Carried {
 public:
  const CarriedPlace& at(const Sentence& sentence) {
    const bool new_block = sentence.after_blank || sentence.section != section_;
    if (new_block || (!alone_ && sentence.paragraph != paragraph_)) carried_ = {};
    if (new_block) alone_ = false;
    section_ = sentence.section;
    paragraph_ = sentence.paragraph;
    return carried_;
  }

  void learn(const Statement& statement) {
    if (!statement.place) return;
    if (statement.named && carried_.heads) return;
    const bool one_disc = names_of_kind(*statement.place, "disc").size() == 1;
    if (statement.of_extent && !statement.heads && !one_disc) return;
    const auto& all = statement.mentions;
    const bool past = !all.empty() && std::all_of(all.begin(), all.end(), [](const Mention& each) {
      return each.historical;
    });
    // "day 1 after L3-L5 decompression": what follows is not all there
    const bool doubted = std::all_of(all.begin(), all.end(), [](const Mention& each) {
      return each.historical || each.certainty == "possible";
    });
    carried_ = {statement.place, statement.heads, past && !statement.heads,
                doubted,         statement.named, statement.of_bone};
    alone_ = statement.only_place;
  }

 private:
  CarriedPlace carried_;
  bool alone_ = false;  ///< the heading stands on a line of its own
  std::string section_;
  int paragraph_ = 0;
};

/// "rising CRP, query discitis": the words around the referrer's question are part of it.
bool is_requested(const Statement& statement, std::size_t kind) {
  const auto& all = statement.mentions;
  return std::any_of(all.begin(), all.end(),
                     [&](const Mention& each) { return each.kind == kind && each.requested; });
}

}  // namespace

ReportReading read_report(std::string_view narrative, const ImagingVocabulary& vocabulary) {
  return read_report(narrative, vocabulary, Meanings(vocabulary));
}

ReportReading read_report(std::string_view narrative, const ImagingVocabulary& vocabulary,
                          const Meanings& meanings) {
  const auto text = read_text(narrative, vocabulary);
  Gatherer gatherer(narrative, text, vocabulary);
  Carried carried;
  ToldBefore told(text, vocabulary);
  for (const auto& sentence : text.sentences) {
    const auto statement =
        read_statement(text, sentence, vocabulary, meanings, carried.at(sentence));
    if (!is_read(sentence.section)) {  // findings without a header of their own may stand there
      for (const auto& mention : statement.mentions) gatherer.add_misplaced(sentence, mention);
      continue;
    }
    for (const auto& mention : statement.mentions) gatherer.add(sentence, mention);
    for (const auto kind : statement.answers) gatherer.answer(sentence, kind);
    for (const auto kind : told.reopened_by(statement)) gatherer.add_unread(sentence, kind);
    for (const auto& again : told.continued_by(sentence, statement)) gatherer.add(sentence, again);
    for (const auto kind : statement.unread) {
      if (!is_requested(statement, kind)) gatherer.add_unread(sentence, kind);
    }
    carried.learn(statement);
  }
  return gatherer.take();
}

void keep_any_region(ReportReading& reading, const ImagingVocabulary& vocabulary) {
  const auto& all = reading.findings;
  const bool spine = std::any_of(all.begin(), all.end(), [&](const ImagingFinding& finding) {
    return !finding.negated && is_of_spine(finding, vocabulary);
  });
  const auto is_foreign = [&](const ImagingFinding& finding) {
    const bool denied = finding.negated && spine;  // of the sacrum that it tells of, too
    return !denied && !is_of_spine(finding, vocabulary) &&
           !imaging_kind(vocabulary, finding.kind)->any_region;
  };
  std::erase_if(reading.findings, is_foreign);
  std::erase_if(reading.unread, [&](const ImagingFinding& word) {
    return is_foreign(word) && !names_level(word, vocabulary);
  });
}

bool about_the_spine(std::string_view narrative, const ImagingVocabulary& vocabulary) {
  const auto text = read_text(narrative, vocabulary);
  const auto spine = vocabulary.phrases.find_tag("region:spine");
  const auto other = vocabulary.phrases.find_tag("region:other");
  auto sentence = text.sentences.begin();
  const auto named_in = [&](const Sentence& title) {  // "CT head and cervical spine"
    return std::any_of(text.marks.begin(), text.marks.end(), [&](const PhraseMark& mark) {
      return spine && mark.tag == *spine && mark.begin >= title.begin && mark.end <= title.end;
    });
  };
  for (const auto& mark : text.marks) {  // in the order of the text: the title comes first
    while (sentence != text.sentences.end() && sentence->end <= mark.begin) ++sentence;
    const bool within = sentence != text.sentences.end() && mark.begin >= sentence->begin;
    const auto section = within ? sentence->section : "";
    if (is_background(section)) continue;  // "mother had breast cancer"
    if (spine && mark.tag == *spine) return true;
    const bool title = sentence == text.sentences.begin() || section == "exam";
    if (other && mark.tag == *other && title) return within && named_in(*sentence);
  }
  return false;
}

}  // namespace meridian::imaging
