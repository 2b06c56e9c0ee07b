// SPDX-License-Identifier: Apache-2.0
// What a sentence denies or tells of then, and yet leaves open.
#pragma once

#include <optional>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// Pure.
/// "no extramedullary tumour, an intramedullary one at C5", "no hip fracture, but the sacrum is":
/// behind the denial, or what was told of then, the same is told without its name.
bool is_told_on(const Scope& scope, const Candidate& over, bool denied);
/// "the right half of T5 is missing", "dark grey matter": a structure of which something is said
/// that is no finding, and not that all is well. The kind that a person is told.
std::optional<std::size_t> strange_and_unnamed(const Scope& scope,
                                               const ImagingVocabulary& vocabulary);
/// "normal appearance of the upper cord", "anterior to the aorta": no more than the name.
bool is_ordinary_name(const Scope& scope, const Candidate& word);
/// "Thin bright crescent, 3 mm.", "CT suggested.": no finding, but something is seen or advised.
/// What the one before asked may be there.
bool shows_something(const Scope& scope);
/// The sentence says something of what the one before named.
bool is_elliptic(const Scope& scope);

}  // namespace meridian::imaging
