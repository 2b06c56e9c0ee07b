// SPDX-License-Identifier: Apache-2.0
// Whether a resource fits one search criterion.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "fhir_server/parameters.h"

namespace meridian::sandbox {

/// One "name:modifier=a,b" of a query, understood.
struct Criterion {
  const Parameter* parameter = nullptr;
  std::string modifier;              ///< "", not, missing, exact, contains, or a resource type
  std::vector<std::string> choices;  ///< any of them is enough
};

/// A span of time: what a partial date covers, or a Period. Half open.
struct Span {
  Instant begin;
  Instant end;
};

/// What "2026", "2026-11", "2026-11-20" or a dateTime covers. A time without zone counts as UTC.
/// Throws Refusal 400 on anything else.
Span span_of(std::string_view text);

/// "ge2026-11" to its prefix ("eq" when there is none) and the rest.
/// Throws Refusal 400 for a prefix that R4 does not have, and for a date that is none.
std::pair<std::string_view, Span> read_date_choice(std::string_view text);

/// Throws Refusal 400 when the criterion itself makes no sense. `base` is this server's address,
/// so that absolute references to itself are the same as relative ones.
bool fits(const Json& resource, const Criterion& criterion, std::string_view base);

/// "http://base/Task/1/_history/2" and "Task/1" to "Task/1"; other references as they are.
std::string local_reference(std::string_view reference, std::string_view base);

}  // namespace meridian::sandbox
