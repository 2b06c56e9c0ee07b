// SPDX-License-Identifier: Apache-2.0
// When an open referral is looked at again without being asked.
#pragma once

#include <optional>
#include <vector>

#include "flow/core.h"
#include "model/referral.h"
#include "store/rows.h"

namespace meridian::flow {

/// Sets the timer of the next look: after Settings::review_every, or when `until` has passed.
void plant_review(const Core& core, const ReferralId& id, std::optional<Instant> until,
                  store::Changes& changes);

/// Sets a timer so that the referral is looked at shortly before a booked visit.
void plant_visit_review(const Core& core, const ReferralId& id,
                        const std::vector<Appointment>& appointments, store::Changes& changes);

/// The timers' work. A referral that waits for a person who moves it is left alone.
Result<store::Changes> review_when_due(const Core& core, const store::WorkItem& timer);

}  // namespace meridian::flow
