// SPDX-License-Identifier: Apache-2.0
// What of a site ends by itself, so that somebody renews it in time.
#pragma once

#include <vector>

#include "host/config.h"
#include "port/site_view.h"

namespace meridian::host {

/// The certificates that Meridian shows, by the tables of the configuration. Read anew each time.
std::vector<Ending> endings_of(const Config& config);

}  // namespace meridian::host
