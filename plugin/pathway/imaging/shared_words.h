// SPDX-License-Identifier: Apache-2.0
// Words that may be of one kind or of another: "height loss" is of a disc or of a vertebra.
#pragma once

#include <string>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/denials.h"
#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// Refers to all three, which must outlive it. All members are pure.
class SharedWords {
 public:
  SharedWords(const Scope& scope, const ImagingVocabulary& vocabulary, const Denials& denials);

  /// Words that two kinds share mean the one whose level it is.
  bool is_other_kind(const Candidate& candidate, const std::string& level) const;
  /// "S1 compression": what a disc finding presses on is a root.
  bool is_of_root(const Candidate& candidate) const;

 private:
  const ImagingKind& kind_of(const Candidate& candidate) const;
  bool is_of_bone(const Candidate& candidate) const;
  bool of_discs() const;
  bool of_bodies() const;

  const Scope& scope_;
  const ImagingVocabulary& vocabulary_;
  const Denials& denials_;
};

}  // namespace meridian::imaging
