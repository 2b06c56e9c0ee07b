// SPDX-License-Identifier: Apache-2.0
// Libraries of which only headers were used; the build writes the list.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace meridian::host {

/// Name of the Debian package and its version, which is empty where the build could not ask dpkg.
std::vector<std::pair<std::string, std::string>> compiled_in();

}  // namespace meridian::host
