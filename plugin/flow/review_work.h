// SPDX-License-Identifier: Apache-2.0
// A referral that its clinic has is looked at again: what was found since is told, and a decision
// that would not be made today is open again until a later look settles it.
#pragma once

#include "flow/basis.h"
#include "flow/judgement.h"
#include "flow/ledger.h"

namespace meridian::flow {

/// What a decision that was just released rests on.
Basis released_basis(const Core& core, const Facts& facts, const Judgement& judgement,
                     const packet::Selection& selection, const Rendered& packet);

/// Compares the look with what the receiver knows. Nothing changed that matters to it: only the new
/// facts and assessment are kept. Else the clinic is told, and the surgeon when the decision is
/// open again or stands again; once per change. `whole`: the look read all that the release had
/// read.
Result<store::Changes> review(const Core& core, Ledger& ledger, const Facts& facts,
                              const Judgement& judgement, bool whole);

}  // namespace meridian::flow
