// SPDX-License-Identifier: Apache-2.0
// At which levels of the spine a finding of a sentence is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// The level that a sentence without one may mean.
struct CarriedPlace {
  std::optional<Place> place;
  bool heads = false;    ///< it began its line, as a heading: also "no stenosis" means it
  bool past = false;     ///< only told as over there: "at this level" alone means it
  bool subject = false;  ///< nothing is surely there yet: "a focus in L5; it is no tumour"
  bool named = false;    ///< no finding was told there: "at this level" alone means it
  bool of_bone = false;  ///< what was told there is of a vertebra
};

/// How a finding is denied.
struct Denial {
  bool negated = false;
  bool apart = false;    ///< behind another finding, whose level it need not share: ", no fracture"
  bool beside = false;   ///< "without herniation": a disc finding denied there shares it
  bool subject = false;  ///< "the focus in L2 is no metastasis": said of what the clause is about
  bool next_told = false;  ///< the finding that follows is there: ", old fracture of L2"
  bool instead = false;  ///< "rather than a fracture": its level is named behind it, or not at all
};

/// Names as the episode format writes them; one empty name where no level is stated. `levels` is
/// that of the finding's kind (see ImagingKind). Pure.
std::vector<std::string> levels_of(const Scope& scope, const CarriedPlace& carried,
                                   const Candidate& candidate, const std::string& levels,
                                   const Denial& denial);

}  // namespace meridian::imaging
