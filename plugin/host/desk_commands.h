// SPDX-License-Identifier: Apache-2.0
// The commands that change something, or show patient data: they ask the desk.
#pragma once

#include <string>

#include "host/commands.h"

namespace meridian::host {

/// Prints what is kept of a patient, after it was audited; see flow/reveal.h. The exit status.
int reveal(const SiteCommand& command, const std::string& what);

}  // namespace meridian::host
