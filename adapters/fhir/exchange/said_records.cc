// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/said_records.h"

#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/records_json.h"

namespace meridian::fhir {

Result<void> add_said(const OrderSaid& said, const std::string& patient, Collection& collection) {
  const auto bytes = collection_json(said.records);
  auto entries = bundle_entries(bytes);
  if (!entries) return entries.error();
  const auto own = fhir_ref(said.patient);
  JsonEdit edit;
  edit.reference = [&](std::string_view written) {
    return !patient.empty() && written == own ? patient : std::string(written);
  };
  for (auto& entry : *entries) {
    const bool replaced = entry.type == "Patient" && !patient.empty();
    if (replaced || entry.type == "Task") continue;
    const auto edited = edit_resource(entry.resource, edit);
    if (!edited) return edited.error();
    entry.resource = edited->bytes;  // type, id and version stay
    collection.add(entry);
  }
  return {};
}

}  // namespace meridian::fhir
