// SPDX-License-Identifier: Apache-2.0
// [calendar], [clocks] and [reconcile] of the configuration: when the site works, and by when what
// must happen.
#pragma once

#include <chrono>
#include <map>
#include <optional>

#include "host/config_section.h"
#include "routing/clocks.h"

namespace meridian::host {

/// Time zone, working days and holidays.
void read_calendar(Section& s, routing::Calendar& calendar);

/// When in the night the peers are compared; nothing for "never".
void read_night(Section& s, std::optional<std::chrono::minutes>& at);

/// One key for each state that is not final; a state that is not named keeps its deadlines.
void read_clocks(Section& s, std::map<routing::State, routing::Deadlines>& deadlines);

}  // namespace meridian::host
