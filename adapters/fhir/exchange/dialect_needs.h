// SPDX-License-Identifier: Apache-2.0
// What a dialect counts on, and what a server says of itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/client/capabilities.h"
#include "fhir/exchange/dialect.h"

namespace meridian::fhir {

/// What the dialect does with a server, as "Coverage search-type", sorted: its searches and what it
/// expects. `receives`: also the watches of a server that gets referrals.
std::vector<std::string> needs_of(const Dialect& dialect, bool receives);

/// Those needs that the server's statement does not list; none when it says nothing at all.
std::vector<std::string> lacking(const std::vector<std::string>& needs, const Capabilities& said);

/// The statement as lines, sorted: version, software, and each interaction and condition of a type.
std::string statement_lines(const Capabilities& said);

/// What came and went between two such texts: "no longer Task create", "now Task update".
std::vector<std::string> statement_changes(std::string_view before, std::string_view now);

}  // namespace meridian::fhir
