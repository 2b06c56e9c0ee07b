// SPDX-License-Identifier: Apache-2.0
// What a field profile says of one element, and what FHIR R4 says whatever the profile.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meridian::fhir {

enum class Verdict {
  removed,  ///< not listed
  inside,   ///< something below it is listed
  whole,    ///< it and all below it are listed
};

/// `path` is dotted and counted from the root of the resource: "name.family". "*" lists
/// everything, "value[x]" every choice.
Verdict judge(const std::vector<std::string>& allowed, std::string_view path);

/// Root elements without which the rest would mean something else, and whom it is about.
bool is_always_kept(std::string_view name);

/// What stays of `meta`: labels go with what they label.
const std::vector<std::string>& kept_of_meta();

/// Elements whose reference R4 requires where it stands; it may not just go.
bool is_required_reference(std::string_view name);

/// Resource types whose display names a person or place and tells nothing of the patient.
bool names_people_or_places(std::string_view type);

/// Elements that are an Attachment or a list of them.
bool holds_attachment(std::string_view name);

/// "Condition" of "https://ehr/fhir/Condition/9/_history/2"; "" for urn: references.
std::string type_of_reference(std::string_view written);

}  // namespace meridian::fhir
