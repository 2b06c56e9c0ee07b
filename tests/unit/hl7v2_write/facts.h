// SPDX-License-Identifier: Apache-2.0
// Records as comparable lines, by the paths of the map.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/record_set.h"

namespace meridian::hl7v2::test {

/// Every leaf as "Condition.code.coding.code=M54.50"; Base64 is decoded.
std::vector<std::string> leaves(const RecordSet& records);

/// One text for each record of a type that a path names: what stands at these paths, each
/// repetition whole, in an order that does not matter. A reference is what it points to; an instant
/// is the instant, whatever its zone. Of identifiers the type does not count.
std::multiset<std::string> facts(const RecordSet& records, const std::vector<std::string>& paths);

}  // namespace meridian::hl7v2::test
