// SPDX-License-Identifier: Apache-2.0
// Which fields a receiver may get. Default deny: what is not listed is left out and said so.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/values.h"

namespace meridian {

/// Records under a label that may go where a consent of the patient covers it.
struct ReleasedLabel {
  std::string label;                    ///< meta.security code
  std::vector<std::string> value_sets;  ///< excluded ones that the consent lifts for such a record
  std::string notice;                   ///< what the law wants said with it; may be empty
};

/// What the law wants said with the records that go under a label.
struct LegalNotice {
  Coding label;  ///< as on the record
  std::string text;

  friend bool operator==(const LegalNotice&, const LegalNotice&) = default;
};

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
  std::vector<ReleasedLabel> released_labels;      ///< what consent lets through, label by label
};

}  // namespace meridian
