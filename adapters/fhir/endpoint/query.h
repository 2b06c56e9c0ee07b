// SPDX-License-Identifier: Apache-2.0
// One search parameter with its value, and whether a resource has it.
// Source: http://hl7.org/fhir/R4/search.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/endpoint/view.h"

namespace meridian::fhir {

/// "system|code", "|code" (no system) or "code" (any system).
struct SearchToken {
  std::string system;
  std::string value;
  bool any_system = true;
};

SearchToken token_of(std::string_view text);

/// The identifier that "identifier=system|value" asks for, percent-encoded as in a URL; nothing for
/// other queries.
std::optional<SearchToken> identifier_in(std::string_view query);

bool has_identifier(std::string_view resource, const SearchToken& wanted);

/// One parameter of a search as it was sent: any of the values may hold.
struct Condition {
  std::string name;
  std::vector<std::string> values;
};

/// True when the parameter is one that matches() knows for the type.
bool is_known(std::string_view type, std::string_view name);

/// Errors: invalid, when a value is not of the parameter's kind; the text says what is expected.
/// `clinic` is whom Task.owner stands for. Precondition: is_known.
Result<bool> matches(const Held& held, const Condition& condition, std::string_view clinic);

/// The first instant that a value of _lastUpdated can mean; the epoch when it has no beginning.
Instant earliest(std::string_view last_updated);

}  // namespace meridian::fhir
