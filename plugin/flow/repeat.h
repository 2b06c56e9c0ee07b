// SPDX-License-Identifier: Apache-2.0
// An order that repeats an open one: a person is told of it at once, and decides.
#pragma once

#include <string>

#include "flow/judgement.h"
#include "flow/ledger.h"

namespace meridian::flow {

/// The rule of such a hold. A sign-off of it says that both referrals are wanted.
inline constexpr const char* repeat_rule = "order.repeat";

/// Before the first send: what repeats an open referral says so in its decision, whatever else
/// holds it, and is held unless a named person signed that both are wanted. The way back to the
/// surgeon is never closed, since a second order may be the urgent one: such an order goes, and
/// says so. Errors: store errors.
/// Source: reference referral-standards section 4, rule 6: warn, link or supersede, never drop.
Result<void> warn_of_repeat(const Core& core, const Ledger& ledger, const Facts& facts,
                            Judgement& judgement);

/// "It repeats ServiceRequest/5, which is still open (accepted)." of a stored decision to send;
/// empty for others.
std::string repeat_words(const std::string& decision);

}  // namespace meridian::flow
