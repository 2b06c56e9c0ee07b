// SPDX-License-Identifier: Apache-2.0
// After a restore: what the life before may have done, and reading it back from those who saw it.
#pragma once

#include "flow/core.h"
#include "flow/ledger.h"
#include "model/referral.h"
#include "port/ports.h"

namespace meridian::flow {

/// True when this order stood at its source before the last restore, so that the life before it may
/// have sent its referral after the backup. Errors: store errors.
Result<bool> may_have_been_sent(const Core& core, const ServiceRequest& order);

/// True when a receiver's Task was made by us between the backup and the restore.
Result<bool> was_sent_in_lost_life(const Core& core, const Task& task);

/// The referral was sent to this receiver in the lost life: it is so from now on.
void adopt(const Core& core, Ledger& ledger, const DestinationId& receiver,
           store::Changes& changes);

/// For a Task of ours whose order has not been read again yet: not_found, so that the poll brings
/// it again; for a day after the restore, and never otherwise.
Result<void> wait_for_order(const Core& core, const Task& task);

/// Once after a restore, before anything is assessed or sent: reads every source, hospitals first,
/// so that what the peers know is known here. A source that does not answer is read by its poll
/// later, and by this at the next start. Does nothing when there was no restore.
void catch_up(const Core& core, Inlet& inlet);

}  // namespace meridian::flow
