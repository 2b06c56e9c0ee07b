// SPDX-License-Identifier: Apache-2.0
// The path OUT: claim -> send -> settle.
#pragma once

#include <optional>

#include "flow/core.h"

namespace meridian::flow {

/// Claims the oldest due delivery of a peer and sends it. The value is false when nothing was due.
/// Blocks for as long as the send takes. One call at a time per peer.
Result<bool> deliver_once(const Core& core, const Peer& peer);

/// The stage claim alone, for a host that sends by itself: nothing when nothing is due, or the peer
/// is paused. A delivery
/// whose decision no longer holds goes back to WORK, one that may have arrived at a receiver that
/// recognises no repeats becomes ambiguous, and the next one is claimed.
Result<std::optional<store::Delivery>> claim(const Core& core, const Peer& peer);

/// The stage settle: records what became of a claimed delivery and what follows from it. A lost
/// lease is no error here: whoever claims it next asks the receiver first.
Result<void> settle(const Core& core, const Peer& peer, const store::Delivery& delivery,
                    const Result<Receipt>& sent);

/// What follows from a delivery that arrived (`reference` is the receiver's own id, or empty), and
/// from one that was given up. Errors: store errors.
Result<store::Changes> after_success(const Core& core, const store::NewDelivery& delivery,
                                     const std::string& reference);
Result<store::Changes> after_failure(const Core& core, const store::NewDelivery& delivery);

}  // namespace meridian::flow
