// SPDX-License-Identifier: Apache-2.0
// A named person's sign-off of a hold: its page, and what earlier ones still cover.
#pragma once

#include <optional>
#include <vector>

#include "flow/core.h"
#include "pathway/sign_off.h"
#include "port/ports.h"
#include "port/statements.h"
#include "report/json.h"
#include "store/rows.h"

namespace meridian::flow {

/// Every sign-off in the log of a referral, oldest first.
std::vector<SignOff> sign_offs_in(const std::vector<store::EventRow>& events);

/// The holds of a decision, as its member "holds".
void write_holds(report::Json& json, const std::vector<Hold>& holds, const RuleBook& rules);

/// What a stored decision holds for, as write_holds wrote it.
std::vector<HoldLine> holds_in(const std::string& decision);

/// The page that the hospital is told of while something can be signed; nothing otherwise.
std::optional<FormTicket> current_sign_off(const store::ReferralRow& row);

/// What the page shows. Errors: not_found, store errors.
Result<SignOffView> look_at_sign_off(const Core& core, const FormTicket& ticket);

/// Hands the sign-off in as a message of the referral's source. It covers the ticked rules as they
/// stood in the last decision, and no longer than the assessment behind it. Errors: invalid, when
/// nothing that can be signed was ticked; those of the inlet.
Result<SignOffView> give_sign_off(const Core& core, Inlet& inlet, const FormTicket& ticket,
                                  const SignOffGiven& given);

}  // namespace meridian::flow
