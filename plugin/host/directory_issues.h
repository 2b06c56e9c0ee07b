// SPDX-License-Identifier: Apache-2.0
// What is wrong with a directory, for `meridian check` and `meridian directory check`.
#pragma once

#include "host/config.h"
#include "model/issue.h"
#include "routing/directory.h"

namespace meridian::host {

/// Licences and agreements that ended or end within 60 days, receivers without a position or a
/// connection, and doubles. Errors are of receivers with a connection only: nothing can be sent to
/// those. Of each kind the first 20 are listed and the rest is counted.
Issues directory_issues(const routing::Directory& directory, Day on);

/// Reads the site's directory and adds what is wrong with it; nothing when it cannot be read.
std::shared_ptr<const routing::Directory> check_directory(const Config& config, Issues& issues);

}  // namespace meridian::host
