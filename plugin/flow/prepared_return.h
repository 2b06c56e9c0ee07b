// SPDX-License-Identifier: Apache-2.0
// The referral to the surgeon that a course of acupuncture prepared: offered to a named person on a
// page of ours, released or dismissed there, and sent when it was released.
#pragma once

#include <optional>
#include <string>

#include "flow/basis.h"
#include "flow/core.h"
#include "model/course.h"
#include "port/statements.h"
#include "store/rows.h"

namespace meridian::flow {

/// What the surgeon's side is told when a look finds one that nobody decided on: of the same row of
/// the decision table once, and again with a new link when half of the old one's time is over.
/// Empty when nothing is to be told. Keeps in `basis` what waits. Errors: store errors.
Result<std::string> offer_return(const Core& core, const ReferralId& id,
                                 const std::optional<Course>& course, Basis& basis);

/// The page of one that waits; nothing otherwise.
std::optional<FormTicket> current_return(const store::ReferralRow& row);

/// What the page shows. Errors: not_found, store errors.
Result<PreparedReturnView> look_at_return(const Core& core, const FormTicket& ticket);

/// Hands the decision in as a message of the referral's source, with what was shown: that is what
/// is sent. Errors: those of the inlet.
Result<PreparedReturnView> give_return(const Core& core, Inlet& inlet, const FormTicket& ticket,
                                       const PreparedReturnGiven& given);

/// The work of a release: the order for the surgeon, in the record of who ordered the course. The
/// records of its packet stand there already and are named. Errors: misconfigured, those of the
/// renderer and the store.
Result<store::Changes> send_return(const Core& core, const store::WorkItem& item);

}  // namespace meridian::flow
