// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/patient_match.h"

#include <map>

#include "fhir/exchange/history_pages.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

bool is_sex(std::string_view gender) {
  return gender == "male" || gender == "female";
}

/// Dates agree as far as both are exact.
bool dates_differ(std::string_view one, std::string_view other) {
  const auto size = std::min(one.size(), other.size());
  return one.substr(0, size) != other.substr(0, size);
}

/// The patient has an identifier of this system, and none of its values is the asked one.
bool identifier_differs(const JsonIndex& index, const Identifier& asked) {
  const JsonNode* list = index.find(&index.root(), "identifier");
  if (list == nullptr || asked.system.empty()) return false;
  bool same_system = false;
  for (const auto& node : index.children(*list)) {
    if (index.string(node, "system") != asked.system) continue;
    if (index.string(node, "value") == asked.value.reveal()) return false;
    same_system = true;
  }
  return same_system;
}

bool is_retired(const JsonIndex& index) {
  const JsonNode* active = index.find(&index.root(), "active");
  if (active != nullptr && index.raw(*active) == "false") return true;
  const JsonNode* links = index.find(&index.root(), "link");
  if (links == nullptr) return false;
  for (const auto& link : index.children(*links)) {
    if (index.string(link, "type") == "replaced-by") return true;
  }
  return false;
}

PatientMatch judge(const std::string& ref, std::string_view bytes, const GatherRequest& request) {
  const auto index = JsonIndex::parse(bytes);
  if (!index || index->string(index->root(), "resourceType") != "Patient") {
    return {{}, {}, "not-found"};
  }
  if (is_retired(*index)) return {{}, {}, "merged"};
  if (contradicts(bytes, request)) return {{}, {}, "contradiction"};
  return {ref, std::string(bytes), {}};
}

/// A record that was brought counts when it is the patient's own.
bool is_of(std::string_view bytes, const std::string& ref) {
  const auto index = JsonIndex::parse(bytes);
  return index && "Patient/" + index->string(index->root(), "id") == ref;
}

Result<PatientMatch> by_reference(FhirClient& client, const GatherRequest& request) {
  const auto* given = brought(request, "patient");
  if (given != nullptr && is_of(*given, request.patient_ref)) {
    return judge(request.patient_ref, *given, request);
  }
  const auto until = request.until.value_or(whenever);
  if (std::chrono::steady_clock::now() >= until) {
    return Error{ErrorCode::timed_out, "gather", "there was no time to ask"};
  }
  const auto response = client.read(request.patient_ref, until);
  if (!response) return response.error();
  if (response->failure) {
    const bool permanent = error_row(response->failure->code).retry == RetryClass::permanent;
    if (!permanent) return *response->failure;
    const auto code = response->failure->code;
    if (code == ErrorCode::conflict) return PatientMatch{{}, {}, "merged"};
    return PatientMatch{{}, {}, code == ErrorCode::forbidden ? "forbidden" : "not-found"};
  }
  return judge(request.patient_ref, response->body, request);
}

Result<PatientMatch> by_identifiers(FhirClient& client, const GatherRequest& request) {
  std::map<std::string, std::string> found;
  for (const auto& identifier : request.identifiers) {
    const auto pages = client.search(
        "Patient", {{"identifier", identifier.system + "|" + identifier.value.reveal()}});
    if (pages.failure && error_row(pages.failure->code).retry != RetryClass::permanent) {
      return *pages.failure;
    }
    if (pages.completeness != Completeness::complete) return PatientMatch{{}, {}, "not-found"};
    for (const auto& body : pages.bodies) {
      const auto entries = bundle_entries(body);
      if (!entries) return entries.error();
      for (const auto& entry : *entries) {
        if (entry.type != "Patient" || entry.id.empty()) continue;
        found.emplace(entry.ref(), std::string(entry.resource));
      }
    }
  }
  if (found.empty()) return PatientMatch{{}, {}, "not-found"};
  // A second hit makes the first one doubtful, even where it contradicts or is retired.
  if (found.size() > 1) return PatientMatch{{}, {}, "several"};
  return judge(found.begin()->first, found.begin()->second, request);
}

}  // namespace

bool contradicts(std::string_view patient, const GatherRequest& request) {
  const auto index = JsonIndex::parse(patient);
  if (!index) return true;
  const std::string born = index->string(index->root(), "birthDate");
  if (dates_differ(born, request.birth_date.reveal().text)) return true;
  const std::string gender = index->string(index->root(), "gender");
  if (is_sex(gender) && is_sex(request.gender) && gender != request.gender) return true;
  for (const auto& identifier : request.identifiers) {
    if (identifier_differs(*index, identifier)) return true;
  }
  return false;
}

Result<PatientMatch> match_patient(FhirClient& client, const GatherRequest& request) {
  if (!request.patient_ref.empty()) return by_reference(client, request);
  return by_identifiers(client, request);
}

}  // namespace meridian::fhir
