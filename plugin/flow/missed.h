// SPDX-License-Identifier: Apache-2.0
// Deadlines that passed without what they waited for.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "store/rows.h"

namespace meridian::flow {

struct MissedKind {
  std::string hospital;  ///< whose order it was
  /// What followed, by its event: reminded, overdue, passed_over (the clinic), lapsed.
  std::string kind;
  /// Whose turn it was; empty: not a clinic's, or passed before that was kept. "other": not among
  /// the `most_clinics` that missed most.
  std::string clinic;
  auto operator<=>(const MissedKind&) const = default;
};
using Missed = std::map<MissedKind, int>;

/// A directory has more clinics than anybody watches one by one.
inline constexpr std::size_t most_clinics = 50;

/// Of these referrals. Pure.
Missed missed_of(const std::vector<store::Walk>& walks);

}  // namespace meridian::flow
