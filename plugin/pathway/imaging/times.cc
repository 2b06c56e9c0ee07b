// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/times.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_of_history = 8;    ///< so far "status post" reaches
constexpr std::size_t words_of_question = 4;   ///< so far "?" reaches
constexpr std::size_t words_to_sign = 2;       ///< "? ruptured"
constexpr std::size_t words_to_date = 4;       ///< so close behind a finding its year stands
constexpr std::size_t words_to_advice = 3;     ///< "recommended in order to exclude"
constexpr std::size_t words_of_old_study = 2;  ///< "history of": more than one word "old"

/// Nothing but "suspected ...".
bool is_all_suspicion(const Scope& scope) {
  const auto& marks = scope.cues(Cue::background);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin == scope.begin() && mark.end == scope.end();
  });
}

}  // namespace

Times::Times(const Scope& scope, const Sentence& sentence, const ImagingVocabulary& vocabulary,
             const Denials& denials)
    : scope_(scope), sentence_(sentence), vocabulary_(vocabulary), denials_(denials) {}

/// "?cauda equina" is a phrase of its own.
bool Times::is_question(const Candidate& candidate) const {
  for (std::size_t at = candidate.begin; at < candidate.end; ++at) {
    if (scope_.word(at) == "?") return true;
  }
  return false;
}

/// "the previously seen extrusion has resolved" is of today.
bool Times::historical(const Candidate& candidate, bool negated) const {
  const bool denied_after = negated && denials_.said_after(Cue::negated_after, candidate);
  const bool answered = denied_after && candidate.end < scope_.end() &&
                        scope_.word(candidate.end) == "?";  // "Question: compression? No."
  if (answered) return false;
  if (negated && denials_.is_operation(candidate)) return false;  // "no previous surgery"
  if (sentence_.section == "history" || sentence_.section == "comparison") return true;
  if (denied_after) return false;
  if (asked_for(candidate)) return true;
  if (negated) return false;
  if (is_background(candidate)) return true;
  // "stable appearance of the treated metastasis": a serious one is not told as over too soon
  const bool serious = kind_of(candidate).tier == "serious";
  if (serious && (seen_after(scope_.begin()) || says_now(candidate.end))) return false;
  const bool told_after = denials_.said_after(Cue::history_after, candidate) || dated(candidate);
  if (is_left(candidate)) return false;
  const auto& kind = kind_of(candidate);
  const bool operation = denials_.is_operation(candidate);
  if (operation && denials_.names_trace(candidate)) return true;  // "no postoperative haematoma"
  const bool of_old = candidate.turned || (kind.tier == "context" && !operation);
  if (told_after && !of_old && !seen_after(candidate.end)) return true;
  const auto& marks = scope_.cues(Cue::history);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool reason = scope_.word(mark.end - 1) == "for";  // "laminectomy for an abscess"
    if (is_operation_of(mark, candidate)) return !reason || !scope_.cues(Cue::dated).empty();
    if (lies_in_operation(mark, candidate)) return !seen_after(mark.end);
    if (names_operation(mark) && !reason) return false;
    if (reason && candidate.turned) return false;
    const bool dated = candidate.turned || !kind.instead_of.empty();
    const bool is_old = dated && mark.end - mark.begin < words_of_old_study;
    if (is_old) return false;  // an old fracture is seen now
    if (mark.end > candidate.begin || scope_.overlaps(Cue::no_history, mark)) return false;
    if (operation_between(mark.end, candidate)) return false;
    if (stated_between(mark.end, candidate.begin)) return false;
    if (serious && new_since(mark.end, candidate)) return false;
    return candidate.begin - mark.end <= words_of_history &&
           scope_.reaches(mark.end, candidate.begin) && !seen_after(mark.end);
  });
}

/// "Known myeloma, on maintenance." at the beginning of a text: why the study was done.
bool Times::is_background(const Candidate& candidate) const {
  const auto& kind = kind_of(candidate);
  if (kind.tier != "serious" || !scope_.places().empty()) return false;
  if (is_all_request()) return true;
  const bool asks = !scope_.cues(Cue::request).empty();  // "known AAA, no leak" is of now
  if (kind.levels == "none" && (!asks || says_size(candidate.begin))) return false;
  const auto& marks = scope_.cues(Cue::reason);
  const bool asks_behind = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin >= candidate.end;  // "metastatic melanoma, please exclude"
  });
  const bool alone = scope_.ends_text() && is_all_suspicion(scope_);  // "Concern for metastasis."
  const auto& known = scope_.cues(Cue::background);
  const bool told = std::any_of(known.begin(), known.end(), [&](const PhraseMark& mark) {
    return mark.begin == scope_.begin() && mark.end < scope_.end();
  });
  const bool first = sentence_.begin == 0 && !alone && told &&
                     (asks_behind || !shows_image_before(scope_.end_of_opening()));
  return (first || (asks_behind && is_clinical())) && scope_.cues(Cue::recent).empty() &&
         !seen_after(scope_.begin()) && !says_now(candidate.end);
}

/// Something is said of the image in the words up to there.
bool Times::shows_image_before(std::size_t end) const {
  const auto& marks = scope_.cues(Cue::imaged);
  return std::any_of(marks.begin(), marks.end(),
                     [&](const PhraseMark& mark) { return mark.begin < end; });
}

/// "Suspected cauda equina syndrome." at the beginning, and nothing else.
bool Times::is_all_request() const {
  return sentence_.begin == 0 && !scope_.ends_text() && scope_.cues(Cue::imaged).empty() &&
         scope_.cues(Cue::advised).empty() && is_all_suspicion(scope_);
}

/// "after laminectomy": the words of history and the operation are one phrase.
bool Times::names_operation(const PhraseMark& mark) const {
  const auto& all = scope_.candidates();
  return std::any_of(all.begin(), all.end(),
                     [&](const Candidate& other) { return is_operation_of(mark, other); });
}

/// "removal of the meningioma": its words are part of those of an operation.
bool Times::lies_in_operation(const PhraseMark& mark, const Candidate& candidate) const {
  const auto& all = scope_.candidates();
  return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    const bool around = other.begin <= candidate.begin && candidate.end <= other.end;
    const bool placed = kind_of(candidate).levels != "none";  // not "postoperative discitis"
    return around && placed && other.kind != candidate.kind && is_operation_of(mark, other);
  });
}

/// "post-laminectomy changes", "a cage of 2019": what the operation left is there now.
bool Times::is_left(const Candidate& candidate) const {
  if (!denials_.is_operation(candidate)) return false;
  const auto last = std::min(scope_.end(), candidate.end + words_to_date);
  for (auto at = candidate.begin; at < last; ++at) {
    if (scope_.word(at).starts_with("remov")) return false;
  }
  const auto& all = scope_.candidates();
  const bool seen = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    if (kind_of(other).tier != "serious" || denials_.negated(other)) return false;
    const auto& traces = scope_.cues(Cue::left_by);
    return !historical(other, false) &&
           std::any_of(traces.begin(), traces.end(), [&](const PhraseMark& mark) {
             return mark.begin < other.end && other.begin < mark.end;
           });
  });
  const bool trace = denials_.names_trace(candidate);
  if (seen || (trace && !denials_.said_before(Cue::negation, candidate))) return true;
  if (trace) return false;
  const auto& marks = scope_.cues(Cue::residue);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin >= candidate.begin && mark.begin < candidate.end;
  });
}

bool Times::is_operation_of(const PhraseMark& mark, const Candidate& candidate) const {
  const bool inside = mark.begin < candidate.end && candidate.begin < mark.end;
  return inside && denials_.is_operation(candidate) && !candidate.turned;
}

/// "epidural abscess in 2019", "... of L3, according to the referral"
bool Times::dated(const Candidate& candidate) const {
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
    // "after discectomy in 2019" dates the operation
    return !scope_.has_candidate(candidate.end, mark.end);
  });
}

/// "status post fusion with an abscess": the fusion was then, the abscess is now; "laminectomy
/// and fusion" were both then, "laminectomy with scar" left the scar.
bool Times::operation_between(std::size_t begin, const Candidate& candidate) const {
  const bool operation = kind_of(candidate).tier == "context";
  const auto& all = scope_.candidates();
  return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    if (other.end <= begin || other.end > candidate.begin) return false;
    if (kind_of(other).tier != "context") return false;
    return !operation || (other.kind == candidate.kind && leaves(other.end, candidate.begin));
  });
}

/// "laminectomy with scar", "the laminotomy is scar": what stands behind is there now.
bool Times::leaves(std::size_t begin, std::size_t end) const {
  for (std::size_t at = begin; at < end && scope_.word(at) != ","; ++at) {
    if (scope_.word(at) == "with" || scope_.begins(Cue::predicate, at)) return true;
  }
  return false;
}

/// "in keeping with the history of trauma there are fractures", "the lesion previously treated
/// has the signs of a haemangioma"
bool Times::stated_between(std::size_t begin, std::size_t end) const {
  constexpr std::array<std::string_view, 4> present = {"is", "are", "has", "shows"};
  for (std::size_t at = begin + 1; at + 1 < end; ++at) {
    const auto& next = scope_.word(at + 1);
    const bool states = std::find(present.begin(), present.end(), scope_.word(at)) != present.end();
    if (states && next != "had" && next != "been" && next != "shown") return true;
  }
  return false;
}

/// "history of lymphoma, new L2 lesion"
bool Times::new_since(std::size_t begin, const Candidate& candidate) const {
  const auto& marks = scope_.cues(Cue::recent);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin > begin && mark.end <= candidate.end && scope_.parted(begin, mark.begin);
  });
}

bool Times::asked_for(const Candidate& candidate) const {
  return asked_as_question(candidate) || asked_with_symptoms(candidate);
}

/// "rule out fracture", "question fracture": why the study was done.
bool Times::asked_as_question(const Candidate& candidate) const {
  const bool weighed = candidate.end < scope_.end() && (scope_.word(candidate.end) == "vs" ||
                                                        scope_.word(candidate.end) == "versus");
  if (sentence_.section == "recommendation" || is_of_image(candidate)) return false;
  if (is_of_reader(candidate)) return false;
  const bool sign = candidate.begin > scope_.begin() && scope_.word(candidate.begin - 1) == "?";
  if ((sign || is_question(candidate)) && is_left_open(candidate)) return false;
  if (is_question(candidate)) return true;
  const auto& marks = scope_.cues(Cue::reason);
  const bool first = !weighed && scope_.begins(Cue::reason_first, scope_.begin()) &&
                     scope_.cues(Cue::advised).empty() &&
                     reaches_as_question(scope_.begin(), candidate);
  const bool last =
      !weighed && candidate.end + 1 == scope_.end() && scope_.word(candidate.end) == "?";
  return first || last || std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
           if (scope_.within(Cue::no_negation, mark)) return false;  // "cannot rule out"
           // "? discitis vs degeneration": what was seen may be either
           if (weighed && scope_.word(mark.end - 1) == "?") return false;
           if (is_own(mark) || denied_between(mark.end, candidate.begin)) return false;
           const bool inside = mark.begin < candidate.begin && mark.end > candidate.begin;
           const bool around = mark.begin <= candidate.begin && mark.end >= candidate.end;
           const bool before = mark.end <= candidate.begin;
           return inside || around || (before && reaches_as_question(mark.end, candidate));
         });
}

/// "low marrow signal, ?myeloma": who tells what the image shows asks himself what it is.
bool Times::is_of_image(const Candidate& candidate) const {
  if (!scope_.cues(Cue::request).empty()) return false;
  const auto& marks = scope_.cues(Cue::imaged);
  return std::any_of(marks.begin(), marks.end(),
                     [&](const PhraseMark& mark) { return mark.end < candidate.begin; });
}

/// "?small epidural bleed, 3 mm", "question of infection at L4: lucent halo": who measures it, or
/// tells what is seen beside it, asks himself.
bool Times::is_of_reader(const Candidate& candidate) const {
  constexpr std::array<Cue, 3> of_others = {Cue::request, Cue::background, Cue::history};
  const bool others = std::any_of(of_others.begin(), of_others.end(),
                                  [&](Cue cue) { return !scope_.cues(cue).empty(); });
  if (others || !is_doubted(candidate) || kind_of(candidate).tier != "serious") return false;
  constexpr std::array<Cue, 3> of_image = {Cue::imaged, Cue::advised, Cue::possible};
  const bool shows = std::any_of(of_image.begin(), of_image.end(), [&](Cue cue) {
    const auto& marks = scope_.cues(cue);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return mark.begin >= candidate.end && scope_.word(mark.begin) != "?";
    });
  });
  return (shows && !denied_between(candidate.end, scope_.end())) || measures(candidate.end);
}

/// "?", "question of" before it, or in its words.
bool Times::is_doubted(const Candidate& candidate) const {
  if (is_behind_sign(candidate) || is_question(candidate)) return true;
  const auto& marks = scope_.cues(Cue::possible);
  return scope_.begins(Cue::reason_first, scope_.begin()) &&
         std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
           const bool of = scope_.word(mark.end - 1) == "of";  // not "rule out"
           return mark.begin == scope_.begin() && of;
         });
}

/// "3 mm"
bool Times::measures(std::size_t at) const {
  for (; at < scope_.end(); ++at) {
    if (scope_.is_measure(at)) return true;
  }
  return false;
}

/// "?aneurysm not excluded": what is asked may be there.
bool Times::is_left_open(const Candidate& candidate) const {
  const auto& marks = scope_.cues(Cue::possible_after);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin >= candidate.end && mark.end > mark.begin + 1 &&
           scope_.reaches_back(candidate.end, mark.begin);
  });
}

/// "MRI advised to rule out", ", query fracture; MRI advised": who reports asks.
bool Times::is_own(const PhraseMark& reason) const {
  const bool behind = scope_.word(reason.begin) == ",";
  const auto& marks = scope_.cues(Cue::advised);
  const bool led = std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.end <= reason.begin && reason.begin - mark.end < words_to_advice;
  });
  if (led) return true;  // "MRI recommended to evaluate for"
  return !scope_.cues(Cue::advised).empty() && (behind || scope_.cues(Cue::request).empty());
}

bool Times::denied_between(std::size_t begin, std::size_t end) const {
  const auto& marks = scope_.cues(Cue::negation);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin >= begin && mark.end <= end;
  });
}

/// The sentence is the referrer's, by its words.
bool Times::is_clinical() const {
  return !scope_.cues(Cue::request).empty() && scope_.cues(Cue::advised).empty() &&
         scope_.cues(Cue::imaged).empty();
}

/// "weight loss, malignancy must be excluded", "loin pain ?aneurysm"
bool Times::asked_with_symptoms(const Candidate& candidate) const {
  if (!is_clinical()) return false;
  const bool sign = is_behind_sign(candidate) ||
                    (kind_of(candidate).tier == "serious" && scope_.word(scope_.end() - 1) == "?");
  return sign || denials_.said_after(Cue::asked_after, candidate);
}

/// "?aneurysm", "?ruptured aneurysm"
bool Times::is_behind_sign(const Candidate& candidate) const {
  const auto first = candidate.begin - std::min(candidate.begin - scope_.begin(), words_to_sign);
  for (auto at = candidate.begin; at > first; --at) {
    if (scope_.word(at - 1) == "?") return true;
    if (scope_.word(at - 1) == "," || scope_.has_candidate(at - 1, at)) return false;
  }
  return false;
}

/// "?cauda equina syndrome" asks for the next words only.
bool Times::reaches_as_question(std::size_t from, const Candidate& candidate) const {
  const bool sign = scope_.word(from) == "?" || (from > 0 && scope_.word(from - 1) == "?");
  const auto& all = scope_.candidates();
  const bool another = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    return other.kind != candidate.kind && other.begin >= from && other.begin < candidate.begin;
  });
  const bool beyond = candidate.begin > from + words_of_question ||
                      (another && !scope_.covers(Cue::joining, candidate.begin - 1));
  const bool whole = from == scope_.begin() && !scope_.parted(from, candidate.begin);
  if (sign && beyond && !whole) return false;
  return scope_.reaches(from, candidate.begin);
}

/// "under surveillance, now 4.9 cm"
bool Times::says_now(std::size_t at) const {
  for (; at + 1 < scope_.end(); ++at) {
    if (scope_.word(at) == "now" && scope_.is_number(at + 1)) return true;
  }
  return false;
}

/// "Known AAA, 5.2 cm", not "last 4.6 cm": measured by whom, it does not say.
bool Times::says_size(std::size_t at) const {
  for (; at < scope_.end(); ++at) {
    if (scope_.is_number(at) && !scope_.covers(Cue::dated, at) &&
        !scope_.covers(Cue::history_after, at)) {
      return true;
    }
  }
  return false;
}

bool Times::seen_after(std::size_t at) const {
  const auto& marks = scope_.cues(Cue::seen_now);
  const auto& denials = scope_.cues(Cue::negation);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool denied = std::any_of(denials.begin(), denials.end(), [&](const PhraseMark& denial) {
      return denial.end == mark.begin || (denial.begin < mark.begin && mark.begin < denial.end);
    });
    // "no residual tumour", "residual weakness", "now with new back pain"
    return mark.begin >= at && !denied && !scope_.within(Cue::request, mark) &&
           !scope_.is_of_symptom(mark.end);
  });
}

const ImagingKind& Times::kind_of(const Candidate& candidate) const {
  return vocabulary_.kinds[candidate.kind];
}

}  // namespace meridian::imaging
