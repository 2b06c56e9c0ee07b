// SPDX-License-Identifier: Apache-2.0
// RF01 to RF20 applied to what is on record.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// emergency 4, urgent 3, hold 2, routine 1, modifier 0; an unknown word counts as hold.
int severity_rank(const std::string& severity);

/// The rules (red flags and contraindications) that fire by themselves. Pure.
FiredRules fired_rules(const RuleContext& context);

struct RedFlags {
  std::vector<Flag> flags;       ///< worst severity first, then by rule
  std::optional<Instant> until;  ///< when the first window or answer they rest on runs out
};

/// One flag per rule and severity; a record that already stands behind a stronger flag of the rule
/// is not repeated behind a weaker one. `fired` is fired_rules(context). Pure.
RedFlags red_flags(const RuleContext& context, const FiredRules& fired);

/// The rule of that id, or null.
const RedFlagRule* red_flag_rule(const RuleBook& rules, std::string_view id);

}  // namespace meridian
