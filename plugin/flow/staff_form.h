// SPDX-License-Identifier: Apache-2.0
// The one-time form for a held referral's open questions.
#pragma once

#include <optional>
#include <vector>

#include "flow/core.h"
#include "port/ports.h"
#include "store/rows.h"

namespace meridian::flow {

/// The screening questions that hold or concern a held referral and that a form can answer, in the
/// order of the rule book; none in any other state.
std::vector<OpenQuestion> open_questions(const Core& core, const store::ReferralRow& row);

/// The form that the hospital is told of while a hold lasts. It stays the same, so that nobody is
/// told twice, until it was sent, other reasons hold, or half of its time is over.
/// `before` is the referral as it was before this decision. Errors: store errors.
Result<Instant> form_issued_at(const Core& core, const store::ReferralRow& before,
                               const std::vector<std::string>& reasons);

/// The form of a held referral's decision; nothing when no question waits.
std::optional<FormTicket> current_form(const Core& core, const store::ReferralRow& row);

/// What the form shows. Errors: not_found, store errors.
Result<FormView> look_at_form(const Core& core, const FormTicket& ticket);

/// Hands the answers in as a message of the referral's source. Errors: those of
/// Operations::answer.
Result<FormView> send_form(const Core& core, Inlet& inlet, const FormTicket& ticket,
                           const FormAnswers& answers);

/// True for the sender's id of a message that a form made.
bool is_form_message(std::string_view sender_id);

}  // namespace meridian::flow
