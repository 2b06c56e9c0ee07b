// SPDX-License-Identifier: Apache-2.0
#include "fhir/write/records_json.h"

#include <algorithm>
#include <cctype>

#include "base/hash.h"
#include "fhir/write/write_records.h"

namespace meridian::fhir {
namespace {

/// The data type id: http://hl7.org/fhir/R4/datatypes.html#id
bool is_id(std::string_view text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.';
  });
}

template <typename T>
void write_all(JsonOut& out, const std::vector<T>& list) {
  for (const auto& record : list) {
    out.object();
    JsonOut resource;
    write(resource, record);
    out.raw("resource", resource.str()).end();
  }
}

}  // namespace

std::string fhir_ref(std::string_view ref) {
  const auto slash = ref.find('/');
  if (slash == std::string_view::npos || is_id(ref.substr(slash + 1))) return std::string(ref);
  constexpr std::size_t digits = 40;
  return std::string(ref.substr(0, slash + 1)) + "m-" + hex(sha256(ref)).substr(0, digits);
}

std::string collection_json(const RecordSet& records) {
  JsonOut out;
  out.object().text("resourceType", "Bundle").text("type", "collection").list("entry");
  write_all(out, records.patients);
  write_all(out, records.practitioners);
  write_all(out, records.coverages);
  write_all(out, records.encounters);
  write_all(out, records.conditions);
  write_all(out, records.observations);
  write_all(out, records.procedures);
  write_all(out, records.medications);
  write_all(out, records.allergies);
  write_all(out, records.imaging);
  write_all(out, records.documents);
  write_all(out, records.service_requests);
  write_all(out, records.tasks);
  write_all(out, records.appointments);
  out.end().end();
  return out.str();
}

}  // namespace meridian::fhir
