// SPDX-License-Identifier: Apache-2.0
// How the levels that a sentence names stand beside its findings, and which are one list.
#pragma once

#include <string>
#include <vector>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// Refers to `scope`, which must outlive it.
class LevelLists {
 public:
  explicit LevelLists(const Scope& scope) : scope_(scope) {}

  /// "a new T10 compression fracture": the level is the finding's own.
  bool own(const PlaceMark& place, const Candidate& candidate) const;

  /// Another finding follows the level so closely that the level is its own.
  bool is_owned(const PlaceMark& place) const;

  /// "disc bulge is seen at the L4-L5 level", "fracture (L1)": nothing but location words between.
  bool directly_before(const Candidate& candidate, const PlaceMark& place) const;

  /// Findings between vertebrae do not mean "behind the L5 body" beside "L4-L5".
  bool fits(const PlaceMark& place, bool between) const;

  /// Up to the comma behind it nothing stands but a grade, or what is there besides.
  bool is_bare(const PlaceMark& place) const;

  std::vector<std::string> names_in(const PlaceMark& mark, const Candidate& candidate,
                                    const std::string& levels) const;

  /// With the places of the same list: "at L3-L4, 3 mm, and at L4-L5, 4 mm".
  std::vector<std::string> names_at(const PlaceMark& mark, const Candidate& candidate,
                                    const std::string& levels) const;

 private:
  bool is_part_of(std::size_t begin, const PlaceMark& place) const;
  bool joined_by_and(const PlaceMark& before, const PlaceMark& place) const;
  bool graded(const PlaceMark& before, const PlaceMark& place, const Candidate& candidate) const;
  bool goes_on_behind(const PlaceMark& before, const PlaceMark& place) const;
  bool is_graded_again(const PlaceMark& place, const Candidate& candidate) const;
  bool leads_on(const PlaceMark& place) const;
  bool is_of_bodies(const PlaceMark& place, const Candidate& candidate) const;
  std::size_t first_of_list(std::size_t mark, const Candidate& candidate) const;

  const Scope& scope_;
};

}  // namespace meridian::imaging
