// SPDX-License-Identifier: Apache-2.0
// What was not asked, not answered in time, or could not be read. Unknown is not negative.
#pragma once

#include <optional>
#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// Rule of a history that the source has nobody to ask for.
constexpr const char* history_not_available = "history.not-available";

struct MissingItems {
  std::vector<Missing> items;    ///< in the order of the rule book, then the history
  std::optional<Instant> until;  ///< when the first answer that is relied on is too old
};

/// False for a question that is asked of others only, by sex and age; both apply when unknown.
bool asked_of(const ScreeningQuestion& question, const RuleContext& context);

/// A screening question is not missing when it does not apply to this patient, or is asked beside
/// rules of which none is in `fired`; has a fresh answer, is answered by a record of its value sets
/// that stands behind a fired rule (`evidence`: refs), or when the histories it may be concluded
/// from are all complete. One that is not required never holds. Of the histories, the rule book
/// names those that hold an acupuncture-bound referral unless complete; the others are stated.
/// Pure.
MissingItems missing_items(const RuleContext& context, const FiredRules& fired,
                           const std::set<std::string>& evidence, const History& history);

}  // namespace meridian
