// SPDX-License-Identifier: Apache-2.0
#include "flow/watch.h"

#include "base/log.h"
#include "flow/ledger.h"

namespace meridian::flow {
namespace {

constexpr std::chrono::minutes every{1};
constexpr int most = 1000;  // of one state at a time; the rest a minute later

/// False when it is in order by now, or somebody else just changed it.
Result<bool> mend_one(const Core& core, const ReferralId& id) {
  auto ledger = Ledger::open(core.store, id);
  if (!ledger) return ledger.error();
  store::Changes changes;
  ledger->begin_clock_anew();
  ledger->commit_into(core, changes);
  const auto applied = core.store.apply(changes);
  if (!applied && applied.error().code == ErrorCode::stale) return false;
  if (!applied) return applied.error();
  log(LogLevel::error, "referral had no owner, worklist or clock", {{"referral", id}});
  if (core.stages) core.stages->passed(Stage::commit, "clock set again", std::chrono::seconds(0));
  return true;
}

}  // namespace

Result<int> count_unguarded(store::Store& store, int limit) {
  int count = 0;
  for (const auto& row : routing::state_rows) {
    if (routing::is_final(row.state)) continue;
    const auto found = store.unguarded(row.name, limit);
    if (!found) return found.error();
    count += static_cast<int>(found->size());
  }
  return count;
}

Result<int> mend(const Core& core) {
  int mended = 0;
  for (const auto& row : routing::state_rows) {
    if (routing::is_final(row.state)) continue;
    const auto found = core.store.unguarded(row.name, most);
    if (!found) return found.error();
    for (const auto& id : *found) {
      const auto done = mend_one(core, id);
      if (!done) return done.error();
      mended += int{*done};
    }
  }
  return mended;
}

Result<bool> Watch::look(const Core& core) {
  const auto now = core.clock();
  if (last_ && now - *last_ < every) return false;
  last_ = now;
  const auto mine = core.store.hold_lease("watch", core.settings.node, every);
  if (!mine) return mine.error();
  if (!*mine) return false;
  const auto mended = mend(core);
  if (!mended) return mended.error();
  return false;
}

}  // namespace meridian::flow
