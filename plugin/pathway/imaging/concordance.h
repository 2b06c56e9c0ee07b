// SPDX-License-Identifier: Apache-2.0
// Whether level and side of a finding agree with where the patient feels it.
#pragma once

#include <set>
#include <string>

#include "pathway/rule_match.h"

namespace meridian {

/// Where the symptoms of the active back-pain and nerve conditions lie, as far as it is stated.
struct Symptoms {
  std::set<std::string> sides;  ///< left, right
  std::set<std::string> roots;  ///< L5, S1: stated in the words of a condition
  bool claudication = false;    ///< coded neurogenic claudication
};

/// By body site, by code (concept map body-side) and by the words of the condition. Pure.
Symptoms symptoms_of(const RuleContext& context);

/// In words for people, beginning with concordant, partial, discordant or indeterminate. It is
/// support, never proof: it raises no urgency and cancels no flag. A root that is only named in a
/// diagnosis makes it partial at most, as long as no examination is on record. Pure.
/// Source: clinical/concordance.json
std::string concordance(const ImagingFinding& finding, const ImagingReport& report,
                        const Symptoms& symptoms, const RuleContext& context);

}  // namespace meridian
