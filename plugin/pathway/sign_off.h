// SPDX-License-Identifier: Apache-2.0
// What a named person may override, and what an override still covers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/assessment.h"
#include "model/rulebook.h"

namespace meridian {

/// One statement of an assessment that holds an acupuncture-bound referral.
struct Hold {
  Entry entry;
  std::string severity;  ///< hold, urgent; "relative/absolute" for needles and current; missing
  bool signable = false;
  std::string way;  ///< what else lifts it, for people; empty for what can be signed
};

/// What holds and was not signed off, in the order of the assessment.
///
/// Cautious default, since DESIGN 7 lets a named person override but the rule content says what
/// cannot be sent: a relative contraindication, a flag that only holds, a pain type that nothing
/// codes, what the site's guideline does not offer, a history that the source has nobody to ask
/// for, and what holds or stops a running course can be signed. An emergency or urgent flag, a flag
/// whose rule blocks acupuncture, an absolute contraindication, an open question and a history that
/// could not be read cannot: the answer, the record or the plan must change. Source:
/// contraindications.json, red_flags.json.
///
/// `electro`: the order asks for current, so what bars current holds too.
std::vector<Hold> holds_of(const Assessment& assessment, const RuleBook& rules, bool electro);

/// Marks what the sign-offs cover at that instant. A sign-off covers a statement of the same rule
/// that is no worse than what was signed and rests on nothing new. The value: until when the first
/// sign-off that was used counts.
std::optional<Instant> apply_sign_offs(const std::vector<SignOff>& sign_offs, const RuleBook& rules,
                                       Instant at, Assessment& assessment);

}  // namespace meridian
