// SPDX-License-Identifier: Apache-2.0
// Emergency alerts: raised in the commit that found them, climbing until a person acknowledges.
#pragma once

#include <vector>

#include "flow/core.h"
#include "flow/ledger.h"
#include "model/assessment.h"

namespace meridian::flow {

/// Adds the emergency event, the alert to the first contact, its delivery and its timer. Does
/// nothing when the referral already is an emergency: one alert per emergency. `message`: what
/// raised it by itself, before any record was read.
void raise_alert(const Core& core, Ledger& ledger, const std::vector<Flag>& flags,
                 store::Changes& changes, const MessageId& message = {});

/// The timer's work: nobody acknowledged, so the next contact is alerted and the timer set again.
/// After the last contact it begins anew with the first.
Result<store::Changes> climb(const Core& core, const store::WorkItem& timer);

}  // namespace meridian::flow
