// SPDX-License-Identifier: Apache-2.0
// What routing needs to know besides the assessment: patient, order, who declined, loads.
#pragma once

#include "flow/core.h"
#include "flow/judgement.h"
#include "flow/ledger.h"
#include "routing/route.h"

namespace meridian::flow {

/// Loads of all destinations: this week's referrals, and how offers of the last 90 days were
/// answered. Errors: of the store.
Result<routing::Loads> loads_of(const Core& core);

/// What the order of `ledger`, which asks for `service`, asks of the directory on the clock's day.
routing::RouteFacts route_facts(const Core& core, const Ledger& ledger, const std::string& service,
                                const Facts& facts);

}  // namespace meridian::flow
