// SPDX-License-Identifier: Apache-2.0
// [retention] of the configuration: how long bodies are kept.
#pragma once

#include "host/config.h"
#include "host/config_section.h"

namespace meridian::host {

void read_retention(Section& section, RetentionConfig& retention);

}  // namespace meridian::host
