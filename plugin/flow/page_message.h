// SPDX-License-Identifier: Apache-2.0
// One-time pages: one page, one message, whose id says that it was sent.
#pragma once

#include <string>
#include <string_view>

#include "flow/core.h"
#include "port/ports.h"
#include "store/rows.h"

namespace meridian::flow {

inline constexpr std::string_view form_page = "staff-form-";
inline constexpr std::string_view sign_off_page = "sign-off-";
inline constexpr std::string_view patient_link_page = "patient-link-";
inline constexpr std::string_view patient_unlink_page = "patient-unlink-";
inline constexpr std::string_view return_page = "return-";

/// FHIR id of what is sent on a page, and the sender's id of its message.
std::string page_id(std::string_view page, const FormTicket& ticket);

/// True when the page's message is among the referral's events.
Result<bool> page_was_sent(const Core& core, std::string_view page, const FormTicket& ticket);

/// Hands the message in as one of the referral's source. True when it was noted; what another
/// sending of the same page said counts when that was faster. Errors: those of the inlet; internal.
Result<void> submit_page(const Core& core, Inlet& inlet, std::string_view page,
                         const FormTicket& ticket, const std::string& response);

/// The referral of a ticket. Errors: not_found, store errors.
Result<store::ReferralRow> referral_of(const Core& core, const FormTicket& ticket);

}  // namespace meridian::flow
