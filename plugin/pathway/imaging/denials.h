// SPDX-License-Identifier: Apache-2.0
// What a sentence says is not there.
#pragma once

#include <cstddef>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// Refers to both, which must outlive it. All members are pure.
class Denials {
 public:
  Denials(const Scope& scope, const ImagingVocabulary& vocabulary);

  /// The sentence says that it is not there.
  bool negated(const Candidate& candidate) const;
  /// A cue before the finding still holds there.
  bool said_before(Cue cue, const Candidate& candidate) const;
  /// A cue behind the finding is said of it.
  bool said_after(Cue cue, const Candidate& candidate) const;
  /// Of the kind of what was operated.
  bool is_operation(const Candidate& candidate) const;
  /// "postoperative haematoma"
  bool names_trace(const Candidate& candidate) const;
  /// "not compressed": reaches the next words only.
  bool said_right_before(const Candidate& candidate) const;
  /// "degenerative rather than infectious": both are of one place.
  bool said_instead(const Candidate& candidate) const;
  /// "a fissure at L4-L5 without herniation", "with no herniation": both are of one place.
  bool said_without(const Candidate& candidate) const;
  /// "decompression L3-L4 with a wide canal": a normal part is of the same place, too.
  bool said_with(const Candidate& candidate) const;
  /// "no stenosis, metastasis in L2": a serious kind with a level of its own, behind a denial that
  /// no "or" leads on; it may be there.
  bool is_beyond_list(const Candidate& candidate) const;
  /// "nothing was seen, loss of height": a serious kind behind a comma, with nothing of a list
  /// before; it may be there.
  bool is_beyond_comma(const Candidate& candidate) const;

 private:
  /// The last denial that ends before a finding of a serious kind; null for other kinds.
  const PhraseMark* denial_before(const Candidate& candidate) const;
  bool is_date(const Candidate& candidate) const;
  bool said_within(const Candidate& candidate) const;
  bool denies_other(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_denied_hedge(const PhraseMark& hedge) const;
  bool is_stated(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_presupposed(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_aside(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_placed_beyond(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_listed_by_no(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_favoured_beyond(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_lesser_beyond(const PhraseMark& negation, const Candidate& candidate) const;
  bool is_still_there(const Candidate& candidate) const;
  bool is_placed(const Candidate& candidate) const;
  bool is_measured(const Candidate& candidate) const;
  bool is_told_next(const PhraseMark& negation, const Candidate& candidate) const;
  std::size_t last_after(Cue cue, const Candidate& candidate) const;
  bool is_effect(const Candidate& candidate) const;
  std::size_t end_of_cause(const Candidate& candidate, const PhraseMark& said) const;
  bool is_answered(const PhraseMark& denial) const;
  bool is_of_then(const PhraseMark& mark) const;
  bool is_of_last(const Candidate& candidate, const PhraseMark& mark) const;
  bool is_of_next(const Candidate& candidate, const PhraseMark& mark) const;

  const Scope& scope_;
  const ImagingVocabulary& vocabulary_;
};

}  // namespace meridian::imaging
