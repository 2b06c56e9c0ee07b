// SPDX-License-Identifier: Apache-2.0
// JSON Patch (RFC 6902) on a resource, so that what it does not name keeps its bytes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::fhir {

enum class PatchFailure {
  none,
  malformed,  ///< no patch, or an operation other than add, replace, remove and test
  refused,    ///< a path leads nowhere, or a test does not hold
};

struct Patched {
  PatchFailure failure = PatchFailure::none;
  /// The root members that an operation named: their new raw JSON; nothing when they are gone.
  std::map<std::string, std::optional<std::string>> members;
};

/// Pure. Precondition: `resource` is a JSON object.
Patched apply_patch(std::string_view resource, std::string_view patch);

}  // namespace meridian::fhir
