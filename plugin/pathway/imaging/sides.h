// SPDX-License-Identifier: Apache-2.0
// Which side a finding is on: left, right, bilateral, central, or none said.
#pragma once

#include <cstddef>
#include <string>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// The side that words [begin, end) name; "central" only where `central`. Pure.
std::string side_in(const Scope& scope, std::size_t begin, std::size_t end, bool central);

/// The side of scope.candidates()[index]: inside the finding's words, else between the finding
/// before and this one, else right behind. Pure.
std::string side_of(const Scope& scope, const ImagingVocabulary& vocabulary, std::size_t index);

}  // namespace meridian::imaging
