// SPDX-License-Identifier: Apache-2.0
// The shape that everything an assessment says has.
#pragma once

#include <string>
#include <vector>

namespace meridian {

/// One statement with what it rests on.
struct Entry {
  std::string rule;                   ///< RF01, AC08, C2 ...
  std::string source;                 ///< id of fhir-profiles/rules/sources.json
  std::string text;                   ///< for people, in our words
  std::vector<std::string> evidence;  ///< refs; empty for what is missing
  /// Who overrode it, when and why: "Dr. I. Varga, spine surgeon, 2026-11-20: ..."; empty: nobody.
  std::string signed_off{};
};

}  // namespace meridian
