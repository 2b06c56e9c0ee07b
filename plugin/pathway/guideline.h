// SPDX-License-Identifier: Apache-2.0
// What the guideline that the site follows says of acupuncture for this pain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// The position of RuleBook::guideline for these pain types. The phase is counted from the stated
/// onset; where it is not known, a guideline that says the same of every phase says it here too,
/// any other is "unknown". It is "silent" on pain types and phases that it does not list, and where
/// the content has no guideline. Pure.
GuidelineAnswer guideline_answer(const RuleContext& context, const std::vector<PainType>& types);

/// False where the guideline does not offer acupuncture, not yet, or nobody knows whether it does:
/// then a pain type alone opens no lane for it. An order does, whatever the guideline says.
bool guideline_opens(const GuidelineAnswer& answer);

/// What an order for acupuncture still needs: that a named person says it is wanted although the
/// guideline does not offer it. Nothing, unless the guideline asks for that.
std::optional<Missing> guideline_doubt(const GuidelineAnswer& answer, const RuleBook& rules);

/// True for the rule of such an item.
bool is_guideline_rule(std::string_view rule);

}  // namespace meridian
