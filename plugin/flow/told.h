// SPDX-License-Identifier: Apache-2.0
// What whoever ordered a referral was told of where it stands, and until when that stands.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/core.h"
#include "flow/ledger.h"

namespace meridian::flow {

/// The key of a delivery that tells the origin a state.
std::string status_key(const std::string& rendered_key, const store::ReferralRow& row);

/// The states that the origin was told or will be, oldest first; what never arrived is left out.
/// Nothing for an origin whose renderer does not keep course. Errors: store errors.
Result<std::vector<std::string>> states_told(const Core& core, const store::ReferralRow& row,
                                             const Peer& origin);

/// Until when whoever has the next action has it (routing::Clocks::stands_until), counted as the
/// clock of the state counts. Nothing when it is over. Errors: store errors.
Result<std::optional<Instant>> stands_until(const Core& core, const Ledger& ledger);

}  // namespace meridian::flow
