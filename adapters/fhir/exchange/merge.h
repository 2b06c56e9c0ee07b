// SPDX-License-Identifier: Apache-2.0
// Changes of ours put into a resource that others write in too.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {

/// The list `first`, and of `second` what the first does not have: an identifier is known by system
/// and value, a note by its text.
std::string joined(const JsonIndex& first_index, const JsonNode& first,
                   const JsonIndex& second_index, const JsonNode& second);

/// The members of `changes` set in `resource`; notes are added to those that are there.
/// Errors: malformed.
Result<std::string> merged(std::string_view resource, std::string_view changes);

}  // namespace meridian::fhir
