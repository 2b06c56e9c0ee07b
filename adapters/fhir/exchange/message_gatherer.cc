// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/message_gatherer.h"

#include <algorithm>

#include "fhir/exchange/dialect.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/said_records.h"

namespace meridian::fhir {
namespace {

/// Where the resources stand: nowhere but in the message.
constexpr const char* base = "urn:meridian:message";

bool is_listed(const History& history, const std::string& kind) {
  return std::any_of(history.begin(), history.end(),
                     [&](const QueryResult& query) { return query.kind == kind; });
}

}  // namespace

Result<Gathered> MessageGatherer::gather(const GatherRequest& request) {
  if (!request.said) {
    return Error{ErrorCode::not_found, "gather", "the order's message is not kept any more"};
  }
  Collection collection(base);
  if (auto added = add_said(*request.said, {}, collection); !added) return added.error();
  Gathered gathered;
  gathered.facts.media_type = "application/fhir+json";
  gathered.facts.bytes = collection.json();
  gathered.facts.key = short_hash(gathered.facts.bytes);
  gathered.patient_ref = request.said->patient;
  gathered.patient_resolved = !gathered.patient_ref.empty();
  gathered.history.push_back({"order", Completeness::complete, clock_(), {}});
  const auto dialect = find_dialect("r4");
  if (!dialect) return dialect.error();
  for (const auto& search : dialect->history) {
    if (is_listed(gathered.history, search.kind)) continue;
    gathered.history.push_back({search.kind, Completeness::not_asked, clock_(), "not available"});
  }
  return gathered;
}

}  // namespace meridian::fhir
