// SPDX-License-Identifier: Apache-2.0
// The message that a letter follows, for receivers that know orders and patients by numbers.
#pragma once

#include <string>

#include "flow/core.h"
#include "store/rows.h"

namespace meridian::flow {

/// Letter::earlier: to the origin the newest order that it sent, to a receiver the packet that it
/// was sent last. "" when the receiver's renderer does not ask for it, or it is kept no more.
Result<std::string> earlier_message(const Core& core, const store::ReferralRow& row,
                                    const Peer& receiver);

}  // namespace meridian::flow
