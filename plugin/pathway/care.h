// SPDX-License-Identifier: Apache-2.0
// Conservative care that stands on record, and whether it helped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pathway/rule_match.h"

namespace meridian {

/// Sessions of some categories in one episode.
struct CareSpan {
  std::vector<std::string> refs;  ///< in the order of the episode
  PartialDate first;              ///< of the dated sessions; empty when none is dated
  PartialDate last;
  int days = 0;  ///< from the first day to the last
};

/// Sessions of these categories that were not after `at`; nothing when there are none. Pure.
std::optional<CareSpan> care_span(const Episode& episode,
                                  const std::vector<std::string>& categories,
                                  const RecordSet& records, Instant at);

/// The care lasted long enough, the pain is still there, and no score says that it got better.
std::optional<Firing> match(const RuleCare& care, const RuleContext& context);

}  // namespace meridian
