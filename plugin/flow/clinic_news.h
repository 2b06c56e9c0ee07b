// SPDX-License-Identifier: Apache-2.0
// What a clinic's messages bring for the surgeon's side: each thing once, and nothing that a later
// word of the clinic has overtaken, whichever letter is written first.
#pragma once

#include <string>

#include "flow/core.h"
#include "port/ports.h"
#include "store/rows.h"

namespace meridian::flow {

/// Puts a clinic's message into the letter; who sent it. Empty when the message is kept no more.
Result<std::string> take_news(const Core& core, const MessageId& id, Letter& letter);

/// Why a clinic set its Task so, in its own words or codes; for the surgeon to read.
std::string reason_in(const Letter& letter);

/// Puts into the letter what a message brings that is news: of the clinic that has the referral
/// now, not what a later word of it tells, and no booking that its word before told already. False:
/// no letter is needed. A booking that takes the place of an earlier one is in letter.changed.
/// Errors: not_found, when the message is kept no more; those of reading and of the store.
Result<bool> take_current_news(const Core& core, const MessageId& id, const store::ReferralRow& row,
                               const Renderer& to, Letter& letter);

/// Puts the message of the clinic's last report into the letter; leaves it alone where none is
/// kept.
Result<void> take_report(const Core& core, const store::ReferralRow& row, Letter& letter);

/// What the clinic asks or found, in a state in which somebody must read it; else empty.
Result<std::string> standing_reason(const Core& core, const store::ReferralRow& row);

}  // namespace meridian::flow
