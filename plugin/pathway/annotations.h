// SPDX-License-Identifier: Apache-2.0
// Facts that people should see beside the rules. They change nothing.
#pragma once

#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// Words that people use for a pain type which is not among `types`, spine surgery ever, current
/// opioid orders, conservative care, scores and images of the episode
/// (what they show: imaging/notes.h), earlier episodes, and how long the pain lasts since its
/// stated onset. `episode` may be null. Pure.
std::vector<Entry> annotations(const RuleContext& context, const std::vector<Episode>& episodes,
                               const Episode* episode, const std::vector<PainType>& types);

}  // namespace meridian
