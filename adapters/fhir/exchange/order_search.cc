// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/order_search.h"

#include <set>

#include "fhir/exchange/collection.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

bool is_about(const BundleEntry& entry, const std::string& patient) {
  const auto index = JsonIndex::parse(entry.resource);
  if (!index) return false;
  return plain_ref(index->string(index->at(index->root(), {"subject", "reference"}))) == patient;
}

/// A token that a server cannot take for more than one.
bool is_plain(const Identifier& number) {
  const auto& value = number.value.reveal();
  return !number.system.empty() && !value.empty() && value.find_first_of(",|$\\") == value.npos;
}

/// Adds what a search by one number finds.
Result<void> search(FhirClient& client, const Identifier& number, const std::string& patient,
                    std::set<std::string>& found) {
  const auto pages =
      client.search("ServiceRequest", {{"identifier", number.system + "|" + number.value.reveal()},
                                       {"patient", patient.substr(patient.find('/') + 1)}});
  if (pages.failure && error_row(pages.failure->code).retry != RetryClass::permanent) {
    return *pages.failure;
  }
  for (const auto& body : pages.bodies) {
    const auto entries = bundle_entries(body);
    if (!entries) continue;
    for (const auto& entry : *entries) {
      if (entry.type == "ServiceRequest" && is_about(entry, patient)) found.insert(entry.ref());
    }
  }
  return {};
}

}  // namespace

Result<std::string> find_order(FhirClient& client, const OrderSaid& said, const std::string& ref,
                               const std::string& patient) {
  std::set<std::string> found;
  for (const auto& order : said.records.service_requests) {
    if (order.ref != ref) continue;
    for (const auto& number : order.identifiers) {
      if (!is_plain(number)) continue;
      if (auto searched = search(client, number, patient, found); !searched) {
        return searched.error();
      }
    }
  }
  return found.size() == 1 ? *found.begin() : std::string();
}

}  // namespace meridian::fhir
