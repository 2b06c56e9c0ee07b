// SPDX-License-Identifier: Apache-2.0
// Pages of a site looked at: none has more than its templates wrote, or the test fails. `what` says
// which attack it was.
#pragma once

#include <string>

#include "unit/hostile/site.h"

namespace meridian::test {

/// Every page that can be opened now; on how many the mark is read.
int look_at_all(HostileSite& site, const std::string& what);

/// The lists and the first pages of the referral alone, and what came and went as trees; true when
/// one says the mark.
bool look_at_first_pages(HostileSite& site, const std::string& what);

/// Packets come without the printed page, which takes longer than all the rest.
void print_nothing(HostileSite& site);

}  // namespace meridian::test
