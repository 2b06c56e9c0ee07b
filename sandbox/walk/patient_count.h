// SPDX-License-Identifier: Apache-2.0
// Counts patients in FHIR JSON without Meridian's reader, so that the two can be compared.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace meridian::sandbox {

/// The ids of Patient resources that are not contained in another resource; one without an id
/// counts under its place. Takes JSON and NDJSON. Nothing when the text is neither.
std::optional<std::set<std::string>> patients_in(std::string_view text);

}  // namespace meridian::sandbox
