// SPDX-License-Identifier: Apache-2.0
// gather -> assess -> route -> render for one referral.
#pragma once

#include "flow/core.h"

namespace meridian::flow {

/// Reads the history anew, stores it, and decides. The changes hold the decision and, when the
/// referral is released, the rendered packet. A referral that is already with a clinic, cancelled
/// or an emergency is left as it is. Errors: those of the gatherer (nothing could be asked), of the
/// renderer, of the store.
Result<store::Changes> assess_referral(const Core& core, const store::WorkItem& item);

}  // namespace meridian::flow
