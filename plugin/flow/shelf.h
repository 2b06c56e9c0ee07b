// SPDX-License-Identifier: Apache-2.0
// What a clinic that reads here may read of a referral: what was delivered to it and what it wrote.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/core.h"
#include "flow/ledger.h"
#include "port/shelf.h"

namespace meridian::flow {

/// Referrals on the clinic's shelf that changed since that instant. Errors: store errors.
Result<std::vector<ShelfMark>> shelves_of(const Core& core, std::string_view clinic, Instant since);

/// Errors: not_found, for a referral of which nothing was delivered to this clinic too.
Result<Shelf> shelf_of(const Core& core, std::string_view clinic, std::string_view referral);

/// Keeps in the audit that the clinic saw them, in one commit.
Result<void> note_reading(const Core& core, std::string_view clinic,
                          const std::vector<std::string>& referrals);

/// Statuses that a clinic may set its Task to in this state of the referral; the one that the Task
/// has is among them while anything may be written at all.
/// Source: reference referral-standards section 4 (states) and 1.3 (COW), base table of AU.
std::vector<std::string> task_statuses_after(routing::State state);

}  // namespace meridian::flow
