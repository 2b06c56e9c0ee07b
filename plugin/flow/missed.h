// SPDX-License-Identifier: Apache-2.0
// Deadlines that passed without what they waited for.
#pragma once

#include <compare>
#include <map>
#include <string>

#include "store/store.h"

namespace meridian::flow {

struct MissedKind {
  std::string hospital;  ///< whose order it was
  /// What followed, by its event: reminded, overdue, passed_over (the clinic), lapsed.
  std::string kind;
  auto operator<=>(const MissedKind&) const = default;
};
using Missed = std::map<MissedKind, int>;

/// Of the referrals that came since an instant. Errors: store errors.
Result<Missed> read_missed(store::Store& store, Instant since);

}  // namespace meridian::flow
