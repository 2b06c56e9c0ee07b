// SPDX-License-Identifier: Apache-2.0
// Telling people by mail that something waits: never what, and no more often than the site wants.
#pragma once

#include <string_view>

#include "flow/core.h"

namespace meridian::flow {

/// The peer that sends mail. No configured id has a colon in it.
inline constexpr std::string_view mail_peer = "mail:notices";

/// Something of this referral is new for the people of a clinic, or waits for a hospital: who is to
/// be told is found afterwards. Nothing where the site sends no mail, or nobody has an address.
void ask_for_notice(const Core& core, const Peer& peer, const ReferralId& referral,
                    store::Changes& changes);

/// Work of kind "notice": a timer for each person of the clinic, or for the hospital's address. All
/// that happens before it rings is in one notice.
Result<store::Changes> find_whom_to_tell(const Core& core, const store::WorkItem& item);

/// Work of kind "timer.notice": the delivery, unless the person saw the list meanwhile.
Result<store::Changes> give_notice(const Core& core, const store::WorkItem& item);

/// False for a notice whose reader saw the list since, or may not sign in any more.
Result<bool> is_notice_wanted(const Core& core, const store::Delivery& delivery);

/// Somebody saw the list of what waits; `who` as in the audit, "clinic/person".
Result<void> note_seen(const Core& core, std::string_view who);

}  // namespace meridian::flow
