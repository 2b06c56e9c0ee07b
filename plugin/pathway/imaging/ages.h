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

/// Refers to both, which must outlive it. All members are pure.
class Ages {
 public:
  Ages(const Scope& scope, const ImagingVocabulary& vocabulary);

  /// The kind of this finding at one of its levels, by the word that stands beside that level.
  std::size_t kind_at(const Candidate& candidate, const std::string& level) const;
  /// The levels beside which an age stands.
  std::vector<AgedLevel> levels() const;

 private:
  std::optional<bool> old_at(const PlaceMark& place) const;
  std::optional<bool> old_before(const PlaceMark& place) const;
  std::optional<bool> old_behind(const PlaceMark& place) const;
  bool is_old_word(std::size_t begin, std::size_t end) const;
  std::optional<std::size_t> old_word_at(std::size_t begin) const;
  bool leads_to_place(std::size_t at) const;

  const Scope& scope_;
  const ImagingVocabulary& vocabulary_;
};

}  // namespace meridian::imaging
