// SPDX-License-Identifier: Apache-2.0
// From a message to the work and the deliveries that follow from it: the trace of its sender.
#pragma once

#include <optional>

#include "base/ids.h"
#include "base/trace.h"

namespace meridian::flow {

/// What follows for this referral within the hour belongs to the trace that this thread works for,
/// or to none.
/// Kept in this process alone: nothing but an observer's picture rests on it, and what another node
/// or a later start does is not traced.
void remember_trace(const ReferralId& referral);

/// The trace of the last message about it; nothing when it had none.
std::optional<Trace> trace_of(const ReferralId& referral);

}  // namespace meridian::flow
