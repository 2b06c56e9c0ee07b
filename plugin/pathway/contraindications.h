// SPDX-License-Identifier: Apache-2.0
// AC01 to AC20 applied to what is on record.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// absolute 4, relative 3, caution 2, information 1, none 0; an unknown word counts as relative.
int caution_rank(const std::string& severity);

struct Contraindications {
  std::vector<Caution> cautions;  ///< by rule; worst first within a rule
  std::optional<Instant> until;   ///< when the first window or answer they rest on runs out
};

/// One caution per entry of the rule book that holds; an entry that another one of the same id
/// exceeds for both modalities, with at least its reach, gives its evidence to that one. `fired` is
/// fired_rules(context), `flags` what red_flags() says of the same. Pure.
Contraindications contraindications(const RuleContext& context, const FiredRules& fired,
                                    const std::vector<Flag>& flags);

/// What of the rule holds by itself, without combinations.
std::vector<Firing> firings_of(const ContraindicationRule& rule, const RuleContext& context);

/// What a manual severity does to an acupuncture referral once its scope is considered: absolute
/// at an infected site is for a person to compare (relative), at a limb, level, chest or needle it
/// travels as a caution.
std::string effective_manual(const Caution& caution);

}  // namespace meridian
