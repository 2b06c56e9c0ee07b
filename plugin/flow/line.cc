// SPDX-License-Identifier: Apache-2.0
#include "flow/line.h"

#include <algorithm>
#include <utility>

namespace meridian::flow {
Result<bool> Line::mine(const Core& core) {
  if (!peer_.one_line) return true;
  const auto lease = core.settings.lease;
  const auto now = core.clock();
  if (until_ && now < *until_ - lease / 2) return true;
  const auto due = core.store.due_destinations();
  if (!due) return due.error();
  if (std::find(due->begin(), due->end(), peer_.destination()) == due->end()) return false;
  const auto held = core.store.hold_lease(lease_name(), core.settings.node, lease);
  if (!held) return held.error();
  until_ = *held ? std::optional(now + lease) : std::nullopt;
  return *held;
}

void Line::give_back(const Core& core) {
  if (!std::exchange(until_, std::nullopt)) return;
  static_cast<void>(
      core.store.hold_lease(lease_name(), core.settings.node, std::chrono::milliseconds(0)));
}

}  // namespace meridian::flow
