// SPDX-License-Identifier: Apache-2.0
// The services that should see the patient, beside each other.
#pragma once

#include <string>
#include <vector>

#include "model/assessment.h"
#include "model/rulebook.h"

namespace meridian {

/// What was asked for.
struct Bound {
  std::string service;   ///< acupuncture or spine_surgery
  bool ordered = false;  ///< false: an episode without an order
  bool electro = false;  ///< the order says current
  bool urgent = false;   ///< priority urgent, asap or stat
};

/// True when a flag or a contraindication forbids acupuncture altogether for now.
bool acupuncture_blocked(const Assessment& assessment, const RuleBook& rules);

/// True when a contraindication bars current.
bool current_barred(const Assessment& assessment);

/// Lanes from the flags, the pain types and what was asked for; emergency first, then urgent, then
/// routine, each service once with its most urgent degree. Needs flags, cautions and pain types of
/// `assessment`, and its guideline: where that does not offer acupuncture, a pain type opens the
/// lane `conservative` instead; an order's lane stands all the same. Source:
/// clinical/routing_rules.json steps 1, 2, 5, 7 and 8.
std::vector<Lane> lanes_of(const Assessment& assessment, const Bound& bound, const RuleBook& rules);

}  // namespace meridian
