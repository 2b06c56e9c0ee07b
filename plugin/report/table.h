// SPDX-License-Identifier: Apache-2.0
// JSON objects as a person at a terminal reads them.
#pragma once

#include <string>
#include <vector>

namespace meridian::report {

/// One row each, a column for each plain member, in the order in which members first appear.
/// Members that are lists or objects are left out: that is what showing a single one is for.
std::string table(const std::vector<std::string>& objects);

/// One line for each member, what is inside of it indented below.
std::string lines(const std::string& object);

}  // namespace meridian::report
