// SPDX-License-Identifier: Apache-2.0
// The searches that make up a patient's history: their names, and their answers.
#pragma once

#include <string>
#include <vector>

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/dialect.h"
#include "port/ports.h"

namespace meridian::fhir {

/// QueryResult::detail of what was not read before GatherRequest::until.
inline constexpr const char* not_in_time = "not-in-time";

/// The dialect's searches by kind ("imaging", "imaging-2"), after "patient".
std::vector<Query> history_queries(const Dialect& dialect);

struct HistoryAsked {
  const std::string& patient;  ///< "Patient/17"
  int page_size;
  const GatherRequest& request;
};

/// One answer for each search: what the request brings when that is complete, else what the server
/// says; where that is nothing, what was brought. With GatherRequest::until several at a time.
std::vector<SearchPages> history_pages(FhirClient& client,
                                       const std::vector<HistorySearch>& searches,
                                       const HistoryAsked& asked);

/// What the request brings under that name; null when it brings nothing.
const std::string* brought(const GatherRequest& request, std::string_view name);

}  // namespace meridian::fhir
