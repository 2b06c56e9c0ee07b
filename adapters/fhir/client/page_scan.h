// SPDX-License-Identifier: Apache-2.0
// What the client must know of a searchset page, read in one pass without a DOM.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/client/outcome.h"

namespace meridian::fhir::wire {

struct PageScan {
  bool well_formed = false;   ///< the text is JSON
  std::string resource_type;  ///< "Bundle", or what came in its place
  std::string next;           ///< link.url where relation is next, as written
  std::optional<std::int64_t> total;
  std::vector<std::string> matches;  ///< "Condition/17" of entries that are neither include nor
                                     ///< outcome; full URL where there is no id
  Outcome outcome;                   ///< of OperationOutcome entries
};

/// Reads a page. A body that is an OperationOutcome itself has its issues in `outcome`.
PageScan scan_page(std::string_view json);

}  // namespace meridian::fhir::wire
