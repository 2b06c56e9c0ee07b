// SPDX-License-Identifier: Apache-2.0
// What a sentence tells of another time, or asks.
#pragma once

#include <cstddef>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/denials.h"
#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// Refers to all four, which must outlive it. All members are pure.
class Times {
 public:
  Times(const Scope& scope, const Sentence& sentence, const ImagingVocabulary& vocabulary,
        const Denials& denials);

  /// It was then, or somebody asks for it; not seen now.
  bool historical(const Candidate& candidate, bool negated) const;
  /// It is what the study was done for.
  bool asked_for(const Candidate& candidate) const;
  bool asked_as_question(const Candidate& candidate) const;
  bool asked_with_symptoms(const Candidate& candidate) const;
  /// The sentence is the referrer's, by its words.
  bool is_clinical() const;
  /// "?cauda equina" is a phrase of its own.
  bool is_question(const Candidate& candidate) const;

  /// "Known myeloma, for restaging." at the beginning of a text: why the study was done.
  bool is_background(const Candidate& candidate) const;

  /// Asked, but by the one who reports.
  bool is_of_reader(const Candidate& candidate) const;

 private:
  const ImagingKind& kind_of(const Candidate& candidate) const;
  bool is_all_request() const;
  bool shows_image_before(std::size_t end) const;
  bool names_operation(const PhraseMark& mark) const;
  bool lies_in_operation(const PhraseMark& mark, const Candidate& candidate) const;
  bool is_left(const Candidate& candidate) const;
  bool is_operation_of(const PhraseMark& mark, const Candidate& candidate) const;
  bool dated(const Candidate& candidate) const;
  bool operation_between(std::size_t begin, const Candidate& candidate) const;
  bool leaves(std::size_t begin, std::size_t end) const;
  bool stated_between(std::size_t begin, std::size_t end) const;
  bool new_since(std::size_t begin, const Candidate& candidate) const;
  bool is_of_image(const Candidate& candidate) const;
  bool is_behind_sign(const Candidate& candidate) const;
  bool is_doubted(const Candidate& candidate) const;
  bool measures(std::size_t at) const;
  bool is_left_open(const Candidate& candidate) const;
  bool is_own(const PhraseMark& reason) const;
  bool denied_between(std::size_t begin, std::size_t end) const;
  bool reaches_as_question(std::size_t from, const Candidate& candidate) const;
  bool says_now(std::size_t at) const;
  bool says_size(std::size_t at) const;
  bool seen_after(std::size_t at) const;

  const Scope& scope_;
  const Sentence& sentence_;
  const ImagingVocabulary& vocabulary_;
  const Denials& denials_;
};

}  // namespace meridian::imaging
