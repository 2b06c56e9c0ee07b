// SPDX-License-Identifier: Apache-2.0
#include "flow/review_timer.h"

#include <algorithm>

#include "flow/assess_work.h"
#include "flow/ledger.h"

namespace meridian::flow {

using routing::State;

void plant_review(const Core& core, const ReferralId& id, std::optional<Instant> until,
                  store::Changes& changes) {
  const auto now = core.clock();
  auto due = now + core.settings.review_every;
  if (until && *until >= now && *until < due) due = *until + std::chrono::milliseconds(1);
  changes.works.push_back({"timer.review", id, due, "{}", "review|" + id.str()});
}

void plant_visit_review(const Core& core, const ReferralId& id,
                        const std::vector<Appointment>& appointments, store::Changes& changes) {
  const auto now = core.clock();
  std::optional<Instant> visit;
  for (const auto& appointment : appointments) {
    const auto start = appointment.start.instant();
    if (appointment.status != "booked" || !start || *start <= now) continue;
    visit = visit ? std::min(*visit, *start) : *start;
  }
  if (!visit) return;
  const auto due = std::max(now, *visit - core.settings.review_before_visit);
  changes.works.push_back({"timer.review", id, due, "{}", "visit|" + id.str()});
}

Result<store::Changes> review_when_due(const Core& core, const store::WorkItem& timer) {
  const auto ledger = Ledger::open(core.store, timer.referral);
  if (!ledger) return ledger.error();
  const auto state = ledger->state();
  const bool waits = state == State::noted || state == State::held || state == State::sending;
  if (!waits && !routing::is_with_clinic(state)) return store::Changes();
  return assess_referral(core, timer);
}

}  // namespace meridian::flow
