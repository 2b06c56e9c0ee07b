// SPDX-License-Identifier: Apache-2.0
// What one mention of a sentence does to those before it.
#pragma once

#include <vector>

#include "pathway/imaging/scope.h"
#include "pathway/imaging/statement.h"

namespace meridian::imaging {

/// "deposits in L1 and L4 are unchanged, a new one has appeared in T9"
void add_another(const Scope& scope, const ImagingVocabulary& vocabulary, const PhraseMark& mark,
                 std::vector<Mention>& mentions);

/// "when an extrusion was present, the extrusion is no longer seen" tells of one that is gone,
/// "the previously compressed cauda equina is free" of one that was.
void forget(std::vector<Mention>& mentions, const Mention& absent, bool gone);

/// "likely a schwannoma, meningioma less likely": the lesion is there, by whichever name.
bool is_lesser_likely(const Mention& doubted, const std::vector<Mention>& mentions);

/// "an ectatic aorta, not aneurysmal": what says less gives way to the denial of its kind.
void give_way(std::vector<Mention>& mentions, const Mention& absent);

}  // namespace meridian::imaging
