// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/carried_level.h"

#include <algorithm>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_to_subject = 6;  ///< of "on our review this"

class Reference {
 public:
  Reference(const Scope& scope, const CarriedPlace& carried) : scope_(scope), carried_(carried) {}

  /// A vertebra named before says nothing about the discs.
  bool carries(const Candidate& candidate, const std::string& levels, const Denial& denial) const {
    const bool shared = denial.beside && scope_.has_candidate(scope_.begin(), candidate.begin);
    const bool negated = denial.negated && !shared;  // "residual bulge without root contact"
    // an operation on one disc is where what came back is, one on several lies around it
    const bool one_disc = carried_.place && names_of(*carried_.place, true).size() == 1;
    const bool meant = !carried_.named || refers_back(scope_, scope_.begin());
    const bool said =
        carried_.place && meant && !is_of_others() &&
        (!carried_.past || one_disc || refers_back(scope_, scope_.begin()) || explains());
    const bool single = said && !is_pair(*carried_.place);
    const bool goes_on = said && ((carried_.subject && goes_on_about(negated)) ||
                                  refers_back(scope_, scope_.begin()));
    if (levels == "vertebra") {
      const bool of_subject = (!negated && (carried_.subject || behind_semicolon())) ||
                              (carried_.subject && explains());  // "A focus in L5. Likely a cyst."
      // "collapse of this vertebra", "A dark focus in S2. Haemangioma or metastasis."
      const bool of_body =
          names_again() || names_it() || (carried_.of_bone && is_hedged(candidate));
      const bool again = !denial.negated && !carried_.past && of_body;
      return (single && (carried_.heads || of_subject || again)) ||
             (goes_on && (single || !negated));  // "bulge at C5-C6. No metastasis here."
    }
    const bool of_disc = !single || is_disc_named(*carried_.place) ||  // "oedema in L3 and L4"
                         (levels == "canal" && (!negated || goes_on)) ||
                         (levels == "slip" && !negated && carried_.place->rows.size() == 1);
    return said && of_disc && (!negated || carried_.heads || goes_on);
  }

 private:
  /// "elsewhere", but not "until proven otherwise"
  bool is_of_others() const {
    const auto& marks = scope_.cues(Cue::elsewhere);
    return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
      return !scope_.within(Cue::probable, mark) && !scope_.within(Cue::probable_after, mark);
    });
  }

  /// "A dark focus in S2. Atypical haemangioma or metastasis."
  bool is_hedged(const Candidate& candidate) const {
    for (const auto cue : {Cue::advised, Cue::reason, Cue::reason_first}) {
      if (!scope_.cues(cue).empty()) return false;
    }
    if (scope_.says_or(scope_.begin(), scope_.end())) return true;
    if (scope_.has_candidate(scope_.begin(), candidate.begin)) return false;
    const auto cues = {Cue::probable, Cue::possible, Cue::probable_after, Cue::possible_after};
    return std::any_of(cues.begin(), cues.end(),
                       [&](Cue cue) { return !scope_.cues(cue).empty(); });
  }

  /// "collapse of this vertebra", "infiltration of the left pedicle"
  bool names_again() const {
    if (!scope_.cues(Cue::of_body).empty()) return true;
    for (auto at = scope_.begin() + 1; at < scope_.end(); ++at) {
      const auto& word = scope_.word(at);
      const bool bone = word == "vertebra" || word == "body" || word == "vertebral";
      if (bone && (scope_.word(at - 1) == "this" || scope_.word(at - 1) == "same")) return true;
    }
    return false;
  }

  /// "Cement in T11 and L2. These are old fractures."
  bool names_it() const {
    const auto first = scope_.begin();
    const auto& word = scope_.word(first);
    const bool meant = word == "this" || word == "these" || word == "they" || word == "it";
    return meant && scope_.begins(Cue::predicate, first + 1);
  }

  /// "On our review this is": what the thing told of before is.
  bool explains() const {
    const auto last = std::min(scope_.end(), scope_.begin() + words_to_subject);
    for (auto at = scope_.begin() + 1; at < last; ++at) {
      if (scope_.word(at) == "this" && scope_.begins(Cue::predicate, at + 1)) return true;
    }
    return false;
  }

  /// "...; it is", "This is", "... at this level"; a denial behind a semicolon is of no level.
  bool goes_on_about(bool negated) const {
    const auto first = scope_.begin();
    return refers_back(scope_, first) || scope_.begins(Cue::pronoun, first) ||
           scope_.word(first) == "this" || (behind_semicolon() && !negated);
  }

  bool behind_semicolon() const {
    return scope_.begin() > 0 && scope_.word(scope_.begin() - 1) == ";";
  }

  const Scope& scope_;
  const CarriedPlace& carried_;
};

}  // namespace

bool refers_back(const Scope& scope, std::size_t from) {
  if (from == scope.begin() && scope.word(from) == "here") return true;
  for (auto at = std::max(from, scope.begin() + 1); at < scope.end(); ++at) {
    const auto& before = scope.word(at - 1);
    const bool one = before == "this" || before == "same" || before == "that";
    const bool several =
        before == "these" || before == "those" || before == "both" || before == "either";
    const auto& word = scope.word(at);
    const bool last = at + 1 == scope.end() || scope.ends_between(at + 1, at + 2);
    if (word == "here" || (word == "there" && last)) return true;  // "no metastasis there"
    if ((one && word == "level") || (several && (word == "levels" || word == "level"))) {
      return true;
    }
  }
  return false;
}

bool carries(const Scope& scope, const CarriedPlace& carried, const Candidate& candidate,
             const std::string& levels, const Denial& denial) {
  return Reference(scope, carried).carries(candidate, levels, denial);
}

}  // namespace meridian::imaging
