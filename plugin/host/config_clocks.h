// SPDX-License-Identifier: Apache-2.0
// [calendar] and [clocks] of the configuration: when the site works, and by when what must happen.
#pragma once

#include <map>

#include "host/config_section.h"
#include "routing/clocks.h"

namespace meridian::host {

/// Time zone, working days and holidays.
void read_calendar(Section& s, routing::Calendar& calendar);

/// One key for each state that is not final; a state that is not named keeps its deadlines.
void read_clocks(Section& s, std::map<routing::State, routing::Deadlines>& deadlines);

}  // namespace meridian::host
