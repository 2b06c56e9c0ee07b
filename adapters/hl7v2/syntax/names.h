// SPDX-License-Identifier: Apache-2.0
// Names that reader and writer share.
#pragma once

#include <string>
#include <string_view>

namespace meridian::hl7v2 {

/// "http://terminology.hl7.org/CodeSystem/v2-0074".
inline std::string table_system(std::string_view table) {
  return "http://terminology.hl7.org/CodeSystem/v2-" + std::string(table);
}

/// Who assigns our referral ids, in an EI: a receiver that keeps the namespace only still names our
/// referral when it sends the number back.
inline constexpr std::string_view own_namespace = "MERIDIAN";
/// What that namespace means: the system of our referral ids.
inline constexpr std::string_view own_system =
    "http://meridian-referral.org/fhir/identifier/referral";

}  // namespace meridian::hl7v2
