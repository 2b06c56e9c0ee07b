// SPDX-License-Identifier: Apache-2.0
// The age that a sentence tells of each level by itself: "fractures: L1 old, L2 new".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// A level with an age: "those of T9 and L1 are old", "and a fresh one at L3".
struct AgedLevel {
  std::string level;
  bool old = false;  ///< else recent
};

/// The kind of the same that is long over, and the one that is not: a fracture, an old fracture.
/// The kind itself where it has no such.
std::size_t old_kind(const ImagingVocabulary& vocabulary, std::size_t kind);
std::size_t recent_kind(const ImagingVocabulary& vocabulary, std::size_t kind);

/// "fresh impression of the lid of T12": something recent of a vertebra in a sentence of which
/// nothing else was understood. The kind that has an age, for a person.
std::optional<std::size_t> recent_and_unnamed(const Scope& scope,
                                              const ImagingVocabulary& vocabulary);

/// Refers to both, which must outlive it. All members are pure.
class Ages {
 public:
  Ages(const Scope& scope, const ImagingVocabulary& vocabulary);

  /// The kind of this finding at one of its levels, by the word that stands beside that level or is
  /// said of all, or of the others.
  std::size_t kind_at(const Candidate& candidate, const std::string& level) const;
  /// It is old, with something recent in it.
  bool is_both(const Candidate& candidate) const;
  /// The levels beside which an age stands.
  const std::vector<AgedLevel>& levels() const { return aged_; }
  /// The age of those told before that have none of their own: "both are old".
  std::optional<bool> rest() const { return rest_; }

 private:
  /// A word that tells an age, in words [begin, end).
  struct Word {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool old = false;
  };

  void find_words();
  bool named_before(const std::string& level, std::size_t end) const;
  std::size_t kind_of_age(const Candidate& candidate, bool old) const;
  std::optional<bool> own_age(const PlaceMark& place) const;
  std::optional<bool> old_before(const PlaceMark& place) const;
  std::optional<bool> old_behind(const PlaceMark& place) const;
  bool of_dated(std::size_t at) const;
  bool leads_to_place(std::size_t begin) const;
  bool names_place(std::size_t at) const;
  void find_rest();
  void set_rest(std::size_t at, bool old);
  const Word* word_behind(std::size_t begin) const;

  const Scope& scope_;
  const ImagingVocabulary& vocabulary_;
  std::vector<Word> words_;
  std::vector<AgedLevel> aged_;
  std::optional<bool> rest_;
  std::size_t rest_at_ = 0;  ///< said of what stands before
};

}  // namespace meridian::imaging
