// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/said_records.h"

#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/records_json.h"

namespace meridian::fhir {
namespace {

/// In JSON that we wrote a reference stands in one form, which no text in quotes can look like.
void replace_references(std::string& json, const std::string& from, const std::string& to) {
  const auto written = "\"reference\":" + json_string(from);
  const auto wanted = "\"reference\":" + json_string(to);
  for (auto at = json.find(written); at != std::string::npos;
       at = json.find(written, at + wanted.size())) {
    json.replace(at, written.size(), wanted);
  }
}

}  // namespace

Result<void> add_said(const OrderSaid& said, const std::string& patient, Collection& collection) {
  auto bytes = collection_json(said.records);
  if (!patient.empty()) replace_references(bytes, fhir_ref(said.patient), patient);
  const auto entries = bundle_entries(bytes);
  if (!entries) return entries.error();
  for (const auto& entry : *entries) {
    const bool replaced = entry.type == "Patient" && !patient.empty();
    if (!replaced && entry.type != "Task") collection.add(entry);
  }
  return {};
}

}  // namespace meridian::fhir
