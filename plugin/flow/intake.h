// SPDX-License-Identifier: Apache-2.0
// What a message means for the referrals we hold: orders, answers, a clinic's news, emergencies.
#pragma once

#include "flow/core.h"
#include "port/envelope.h"
#include "store/rows.h"

namespace meridian::flow {

/// What a message brings.
struct Noted {
  store::Changes changes;
  Issues
      issues;  ///< errors: what it says is illegal where the referral stands, and changes nothing
};

/// What a message brings, from a look at the referrals it concerns. The look and the commit are not
/// one transaction: a commit that finds them changed says stale, and the caller looks again.
/// Emergency rules run here, on the message alone.
Result<Noted> note(const Core& core, const Envelope& envelope, const MessageId& message,
                   const RecordSet& records);

}  // namespace meridian::flow
