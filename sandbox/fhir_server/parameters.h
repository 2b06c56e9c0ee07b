// SPDX-License-Identifier: Apache-2.0
// The search parameters this server knows, as a table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir_server/json.h"

namespace meridian::sandbox {

enum class ParameterKind { token, reference, date, string, uri };

/// One search parameter. Source: http://hl7.org/fhir/R4/searchparameter-registry.html
struct Parameter {
  std::string_view types;  ///< "Task|ServiceRequest", "*" for every type
  std::string_view name;
  ParameterKind kind;
  std::string_view paths;  ///< "for|subject": member names joined by dots
};

std::span<const Parameter> all_parameters();

/// nullptr when the type has no such parameter.
const Parameter* find_parameter(std::string_view type, std::string_view name);

/// True when the parameter is one of that resource type.
bool applies(const Parameter& parameter, std::string_view type);

/// True when R4 has a resource type of this name.
bool is_resource_type(std::string_view name);

/// The values at any of the paths, arrays flattened.
std::vector<const Json*> values_at(const Json& resource, std::string_view paths);

}  // namespace meridian::sandbox
