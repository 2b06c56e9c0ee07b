// SPDX-License-Identifier: Apache-2.0
// The invariant: each referral that is not over has exactly one owner of the next action, one
// timer, one worklist. Source: reference referral-standards section 4, rule 10.
#pragma once

#include <optional>

#include "flow/core.h"

namespace meridian::flow {

/// How many break it now, counted up to `limit` of each state. Errors: store errors.
Result<int> count_unguarded(store::Store& store, int limit = 1000);

/// Gives them owner, worklist and clock again; each is logged and counted as an outcome of the
/// stage commit. The value is how many. Errors: store errors.
Result<int> mend(const Core& core);

/// Mends once a minute, whichever node does it. One thread.
class Watch {
 public:
  /// Always false: there is nothing more to do at once.
  Result<bool> look(const Core& core);

 private:
  std::optional<Instant> last_;
};

}  // namespace meridian::flow
