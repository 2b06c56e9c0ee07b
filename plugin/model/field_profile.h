// SPDX-License-Identifier: Apache-2.0
// Which fields a receiver may get. Default deny: what is not listed is left out and said so.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace meridian {

/// Source of the default: fhir-profiles/field-profiles/clinic-default.json
struct FieldProfile {
  std::string id;
  std::string version;
  /// Resource type to allowed element names; dotted for nested ones ("name.family").
  std::map<std::string, std::vector<std::string>> allowed;
  std::vector<std::string> excluded_labels;        ///< meta.security codes that never leave
  std::vector<std::string> excluded_value_sets;    ///< Terminology names that never leave
  std::vector<std::string> condition_value_sets;   ///< Conditions sent only when in one of these
  std::vector<std::string> medication_value_sets;  ///< medications sent only when in one of these
};

}  // namespace meridian
