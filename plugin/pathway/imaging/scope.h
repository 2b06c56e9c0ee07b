// SPDX-License-Identifier: Apache-2.0
// The marks of one sentence, and how far words in it reach.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pathway/imaging/cues.h"
#include "pathway/imaging/report_text.h"

namespace meridian::imaging {

/// The kind is an operation, and no age of something else: "context" is of both.
inline bool is_operation(const ImagingKind& kind) {
  return kind.tier == "context" && kind.instead_of.empty();
}

/// A finding's words, before anything is said of it.
struct Candidate {
  std::size_t kind = 0;
  std::size_t begin = 0;  ///< words
  std::size_t end = 0;
  bool weak = false;    ///< only when no other finding uses the same words
  bool clear = false;   ///< the words say by themselves that it is not there: "foramina are patent"
  bool listed = false;  ///< see PhraseMark
  bool denied = false;  ///< counts only when it is said not to be there
  bool extends = false;    ///< of a serious kind without levels: how far it reaches may be told
  bool operation = false;  ///< of an operation, whatever it left
  bool turned = false;     ///< a word made it this kind instead of another: "remote"
};

/// A place the sentence names, in words [begin, end).
struct PlaceMark {
  Place place;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool foramen = false;   ///< "the L5 foramen", "upper endplate of L5": for what lies between
                          ///< vertebrae alone
  bool excepted = false;  ///< "except at L5-S1": what is denied before is there
  bool bound = false;     ///< "above the L4-S1 fusion": for the finding right behind it alone
};

/// Everything of one sentence that reading it needs. Refers to `text`, which must outlive it.
class Scope {
 public:
  Scope(const ReportText& text, const Sentence& sentence, const ImagingVocabulary& vocabulary,
        const Meanings& meanings);

  const std::vector<Candidate>& candidates() const { return candidates_; }
  const std::vector<PlaceMark>& places() const { return places_; }
  /// Where an operation is of which the sentence tells what lies beside it.
  const std::optional<Place>& operated() const { return operated_; }
  /// A disc that it only names: "the last open disc is numbered L4-L5".
  const std::optional<Place>& named() const { return named_; }
  const std::vector<PhraseMark>& cues(Cue cue) const { return cues_[static_cast<int>(cue)]; }
  const std::vector<PhraseMark>& sides(std::size_t side) const { return sides_[side]; }
  const std::vector<Candidate>& serious_words() const { return serious_; }
  /// Words that make a finding the old one of its kind: "chronic", "as before".
  const std::vector<Candidate>& ages() const { return ages_; }

  /// Kinds that are not there, if they were asked for: "the epidural fat is clean".
  const std::vector<std::size_t>& answers() const { return answers_; }

  /// Empty before and behind the text.
  const std::string& word(std::size_t at) const {
    static const std::string none;
    return at < text_.words.size() ? text_.words[at].text : none;
  }
  /// "4.2", "40mm"
  bool is_number(std::size_t at) const;
  /// "5 mm", "40mm"
  bool is_measure(std::size_t at) const;
  std::size_t begin() const { return sentence_.begin; }
  std::size_t end() const { return sentence_.end; }
  bool ends_text() const { return end() == text_.words.size(); }
  /// The colon of "Myeloma work-up, MRI: no lesion", or the end.
  std::size_t end_of_opening() const;
  bool starts_line() const { return begin() == 0 || text_.words[begin()].starts_line; }

  bool begins(Cue cue, std::size_t at) const;
  bool covers(Cue cue, std::size_t at) const;
  /// A word of `mark` is also in a mark of this cue, which is no part of `mark`.
  bool overlaps(Cue cue, const PhraseMark& mark) const;
  /// `mark` is a part of a longer mark of this cue: "no" of "no change in".
  bool within(Cue cue, const PhraseMark& mark) const;
  bool names_side(std::size_t at) const;
  /// "or", "nor" stands in [from, to).
  bool says_or(std::size_t from, std::size_t to) const;
  /// A word that says "recent" begins here, and none denies it.
  bool says_recent(std::size_t at) const;

  /// "now with new back pain": the words before `at` are said of the patient.
  bool is_of_symptom(std::size_t at) const;

  /// Words said at `from` still hold at `to`: no new statement begins between.
  bool reaches(std::size_t from, std::size_t to) const;
  /// Words at `cue` are said of what ends at `from` before them.
  bool reaches_back(std::size_t from, std::size_t cue) const;
  /// A comma, a joining word or another new beginning stands in [begin, end).
  bool parted(std::size_t begin, std::size_t end) const;
  bool comma_between(std::size_t begin, std::size_t end) const;
  /// "with", "causing" stands in [begin, end).
  bool links(std::size_t begin, std::size_t end) const;
  /// A new statement begins in [begin, end).
  bool ends_between(std::size_t begin, std::size_t end) const;
  /// Some finding's words are in [begin, end), or begin at `at`.
  bool has_candidate(std::size_t begin, std::size_t end) const;
  bool candidate_begins(std::size_t at) const;
  /// Nothing in [from, to) but words that stand between the levels of a list.
  bool is_light_between(std::size_t from, std::size_t to) const;
  /// "sacral fracture", "fracture of the left sacral ala"
  bool names_sacrum(const Candidate& candidate) const;

 private:
  void sort(const ImagingVocabulary& vocabulary, const Meanings& meanings);
  void take_as_read(const std::vector<Candidate>& parts);
  void choose(std::vector<Candidate> found, const std::vector<Candidate>& excluded,
              const ImagingVocabulary& vocabulary);
  void leave_out(const std::vector<Candidate>& explanations);
  void turn(const ImagingVocabulary& vocabulary, const std::vector<Candidate>& words);
  bool lists(std::size_t begin, std::size_t end) const;
  bool hedges(std::size_t at, std::size_t to) const;
  bool goes_on_from(std::size_t at) const;
  bool names_spine(const Candidate& outer, const Candidate& other) const;
  static bool is_both(const Candidate& candidate, const std::vector<Candidate>& words);
  bool grows(const Candidate& word, const Candidate& candidate) const;
  bool turns(const Candidate& word, const Candidate& candidate, bool explains = false) const;
  bool denied(const Candidate& candidate) const;
  bool begins_into(std::size_t at, std::size_t to) const;
  bool is_parenthetic(std::size_t at) const;
  /// A level is named in [begin, end).
  bool names_level(std::size_t begin, std::size_t end) const;
  bool of_another_level(std::size_t begin, std::size_t end) const;
  bool recent_behind(std::size_t from, std::size_t kind) const;
  bool is_level(std::size_t at) const;
  bool tells_age(std::size_t at) const;
  bool is_subject(std::size_t at) const;
  Row row_beside(std::size_t at) const;
  bool is_bound(std::size_t at) const;
  bool is_beside_operation(std::size_t at) const;
  void take_operated(std::size_t at);
  bool is_in_opening(std::size_t at) const;
  bool is_in_candidate(std::size_t at) const;
  void part_range(PlaceMark& mark, std::size_t first);
  void stretch(PlaceMark& mark) const;
  void find_places();
  void take_sacrum(PlaceMark& mark) const;
  bool is_light(std::size_t at) const;
  bool lists_on(std::size_t from, std::size_t to) const;
  bool is_excepted(std::size_t at) const;
  void find_named_again();
  std::optional<std::size_t> next_level(std::size_t at, Joined& joined) const;

  const ReportText& text_;
  const Sentence& sentence_;
  std::vector<Candidate> candidates_;
  std::vector<Candidate> serious_;
  std::vector<Candidate> ages_;
  std::vector<std::size_t> answers_;
  std::vector<PlaceMark> places_;
  std::optional<Place> operated_;
  std::optional<Place> named_;
  std::vector<PhraseMark> cues_[cue_names.size()];
  std::vector<PhraseMark> sides_[side_names.size()];
};

}  // namespace meridian::imaging
