// SPDX-License-Identifier: Apache-2.0
#include "pathway/emergency.h"

#include "pathway/course/adverse_events.h"
#include "pathway/red_flags.h"

namespace meridian {

std::vector<Flag> emergency_flags(const Chart& message, const RuleBook& rules,
                                  const Terminology& terminology, Instant at) {
  const RuleContext context(message, rules, terminology, read_answers(message, rules, terminology),
                            at);
  auto found = red_flags(context, fired_rules(context));
  found.flags = with_adverse_events(std::move(found.flags),
                                    serious_adverse_events(context, visits_of(context).used));
  std::vector<Flag> emergencies;
  for (auto& flag : found.flags) {
    if (flag.severity == "emergency") emergencies.push_back(std::move(flag));
  }
  return emergencies;
}

}  // namespace meridian
