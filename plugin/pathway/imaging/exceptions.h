// SPDX-License-Identifier: Apache-2.0
// What a sentence says of one place or side otherwise than of the rest: "absent at L2-L3".
#pragma once

#include <vector>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/denials.h"
#include "pathway/imaging/statement.h"

namespace meridian::imaging {

/// Refers to all three, which must outlive it. All members are pure.
class Exceptions {
 public:
  Exceptions(const Scope& scope, const ImagingVocabulary& vocabulary, const Denials& denials)
      : scope_(scope), vocabulary_(vocabulary), denials_(denials) {}

  /// Adds them to what the sentence says, and takes back what they correct.
  void add(std::vector<Mention>& mentions) const;

 private:
  void add_excepted(const PlaceMark& place, std::vector<Mention>& mentions) const;
  void add_absent(const PhraseMark& mark, std::vector<Mention>& mentions) const;
  const Candidate& told_last(std::vector<Candidate>::const_iterator last) const;
  bool names_place(const PhraseMark& mark) const;
  bool says_it(const PhraseMark& mark) const;
  const ImagingKind& kind_of(const Candidate& candidate) const;

  const Scope& scope_;
  const ImagingVocabulary& vocabulary_;
  const Denials& denials_;
};

}  // namespace meridian::imaging
