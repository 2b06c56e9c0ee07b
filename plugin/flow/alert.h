// SPDX-License-Identifier: Apache-2.0
// Emergency alerts: raised in the commit that found them, climbing until a person acknowledges.
#pragma once

#include <string>
#include <string_view>
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

/// The detail of the event of a red flag that a clinic found: its alert. `flags`: what the clinic's
/// own records show; empty, it said so by its Task.
std::string safety_detail(const Core& core, const Ledger& ledger, const std::vector<Flag>& flags);

/// Alerts the first contact of the surgeon's side, as for an emergency; the alert climbs until a
/// named person acknowledges it, wherever the referral goes meanwhile.
Result<void> raise_safety_alert(const Core& core, const Ledger& ledger,
                                const std::string& safety_detail, store::Changes& changes);

/// True for the alert of a clinic's red flag, by the log of its referral.
bool is_safety_alert(const std::vector<store::EventRow>& events, std::string_view alert_id);

/// Unique key of the timer.
std::string alert_key(const ReferralId& referral, bool safety);

/// The timer's work: nobody acknowledged, so the next contact is alerted and the timer set again.
/// After the last contact it begins anew with the first.
Result<store::Changes> climb(const Core& core, const store::WorkItem& timer);

}  // namespace meridian::flow
