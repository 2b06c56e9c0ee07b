// SPDX-License-Identifier: Apache-2.0
// What a message means for the event that it brings: what else the event keeps, and what a clinic's
// word is in the light of what was said before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/core.h"
#include "flow/ledger.h"
#include "model/assessment.h"
#include "model/record_set.h"

namespace meridian::flow {

/// Detail of an order: its priority, which the clocks go by. "{}" for routine.
std::string priority_detail(const ServiceRequest& order);

/// Detail of a clinic's word: the latest visit that is booked; of a declined or called off referral
/// its "reasons", codes of Task.statusReason, "in-words" where there is no code. "{}" for none.
std::string word_detail(const Task& task, routing::EventKind heard, const RecordSet& records);

/// Emergency signs among what came with a clinic's Task.
std::vector<Flag> red_flags_in(const Core& core, const RecordSet& records);

/// The event that a clinic's Task is. A red flag among its records outranks what the Task says, and
/// a cancelled Task of an order that was a mistake confirms the recall. Nothing for the echo of our
/// own: a Task that we marked as a mistake confirms nothing.
std::optional<routing::EventKind> heard_as(const Core& core, const RecordSet& records,
                                           const Task& task, routing::EventKind event,
                                           const Ledger& ledger);

}  // namespace meridian::flow
