// SPDX-License-Identifier: Apache-2.0
// A message id cannot be passed where a referral id is due.
#include "base/ids.h"

void open(const meridian::ReferralId& id);

void use(const meridian::MessageId& message, const meridian::ReferralId& referral) {
#ifdef WRONG
  open(message);
  static_cast<void>(referral);
#else
  open(referral);
  static_cast<void>(message);
#endif
}
