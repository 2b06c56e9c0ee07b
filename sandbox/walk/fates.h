// SPDX-License-Identifier: Apache-2.0
// The four referrals of the walk. Each looks only at what the people at both ends can see.
#pragma once

#include "walk/staff.h"
#include "walk/town.h"

namespace meridian::sandbox {

/// Walks all four, one after the other, and adds their fates to the town's story.
/// True when every fate came out as it should.
bool walk_four_referrals(Town& town);

}  // namespace meridian::sandbox
