// SPDX-License-Identifier: Apache-2.0
// What can be found wrong with a site from its configuration and the files that this names.
#pragma once

#include "host/config.h"

namespace meridian::host {

/// Each fault with its place and its fix. Asks no system and opens no database.
void check_files(const Config& config, Issues& issues);

}  // namespace meridian::host
