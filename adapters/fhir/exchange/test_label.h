// SPDX-License-Identifier: Apache-2.0
// The label of records that are no patient's: HTEST of v3-ActReason in meta.security.
// Source: https://terminology.hl7.org/CodeSystem-v3-ActReason.html, "test health data"
#pragma once

#include <string>
#include <string_view>

namespace meridian::fhir {

/// True when any resource in it carries the label; false for what is no FHIR JSON. Pure.
bool is_labelled_test(std::string_view json);

/// The same with the label on each resource: of a Bundle those of its entries, else itself. What is
/// no FHIR JSON comes back as it is. Pure.
std::string labelled_test(const std::string& json);

}  // namespace meridian::fhir
