// SPDX-License-Identifier: Apache-2.0
// SMART scopes: what was asked for and not granted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meridian::fhir::wire {

/// The scopes of `asked` that no scope of `granted` covers; both separated by spaces. Version 1
/// and 2 forms compare: system/*.read covers system/Patient.rs. Words that are no resource scopes
/// must be there literally. A scope with a query ("?category=x") covers only itself.
/// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
std::vector<std::string> missing_scopes(std::string_view asked, std::string_view granted);

/// Sorted, each once, separated by one space.
std::string sorted_scopes(std::string_view scopes);

}  // namespace meridian::fhir::wire
