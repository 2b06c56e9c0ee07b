// SPDX-License-Identifier: Apache-2.0
// What a sentence denies or tells of then, and yet leaves open.
#pragma once

#include "pathway/imaging/scope.h"

namespace meridian::imaging {

/// Pure.
/// "no extramedullary tumour, an intramedullary one at C5", "no hip fracture, but the sacrum is":
/// behind the denial the same is told without its name.
bool is_told_on(const Scope& scope, const Candidate& denied);
/// The sentence says something of what the one before named.
bool is_elliptic(const Scope& scope);

}  // namespace meridian::imaging
