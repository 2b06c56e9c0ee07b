// SPDX-License-Identifier: Apache-2.0
// The profiles that what we author says it conforms to: fhir-profiles/guide/structuredefinitions.
#pragma once

#include <string>
#include <string_view>

namespace meridian::fhir::profiles {

/// http://hl7.org/fhir/us/core/StructureDefinition-us-core-organization.html
inline constexpr std::string_view us_core_organization =
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization";

/// The canonical URL of one of ours: "meridian-referral".
inline std::string ours(std::string_view id) {
  return "http://meridian-referral.org/fhir/StructureDefinition/" + std::string(id);
}

}  // namespace meridian::fhir::profiles
