// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/capability.h"

#include "fhir_server/parameters.h"

namespace meridian::sandbox {
namespace {

/// What a hospital's or clinic's system would list.
constexpr std::string_view listed_types[] = {
    "AllergyIntolerance",
    "Appointment",
    "AuditEvent",
    "Communication",
    "Condition",
    "Consent",
    "Coverage",
    "DetectedIssue",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "Endpoint",
    "HealthcareService",
    "ImagingStudy",
    "Location",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "QuestionnaireResponse",
    "ServiceRequest",
    "Task",
};

std::string_view kind_name(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::token:
      return "token";
    case ParameterKind::reference:
      return "reference";
    case ParameterKind::date:
      return "date";
    case ParameterKind::string:
      return "string";
    case ParameterKind::uri:
      return "uri";
  }
  return "special";
}

Json search_parameters(std::string_view type) {
  Json out = Json::array();
  for (const auto& parameter : all_parameters()) {
    if (&parameter != find_parameter(type, parameter.name)) continue;
    out.push(Json::object({{"name", parameter.name}, {"type", kind_name(parameter.kind)}}));
  }
  return out;
}

Json interactions(const ServerSettings& settings, std::string_view type) {
  Json out = Json::array();
  for (const std::string_view code :
       {"read", "vread", "update", "delete", "history-instance", "create", "search-type"}) {
    if (code == "create" && settings.no_create.contains(std::string(type))) continue;
    out.push(Json::object({{"code", code}}));
  }
  return out;
}

Json resource_of(const ServerSettings& settings, std::string_view type) {
  return Json::object({{"type", type},
                       {"interaction", interactions(settings, type)},
                       {"versioning", "versioned-update"},
                       {"readHistory", true},
                       {"updateCreate", settings.update_creates},
                       {"conditionalCreate", true},
                       {"conditionalUpdate", true},
                       {"searchInclude", Json::array({"*"})},
                       {"searchParam", search_parameters(type)}});
}

}  // namespace

Json make_capability_statement(const ServerSettings& settings, Instant now) {
  Json resources = Json::array();
  for (const auto type : listed_types) resources.push(resource_of(settings, type));
  Json rest = Json::object({{"mode", "server"}, {"resource", std::move(resources)}});
  if (settings.transactions) {
    rest.set("interaction", Json::array({Json::object({{"code", "transaction"}}),
                                         Json::object({{"code", "batch"}})}));
  }
  if (!settings.token.empty()) {
    rest.set("security", Json::object({{"description", "a bearer token is required"}}));
  }
  return Json::object(
      {{"resourceType", "CapabilityStatement"},
       {"status", "active"},
       {"date", to_string(now)},
       {"kind", "instance"},
       {"software", Json::object({{"name", "Meridian sandbox"}})},
       {"implementation", Json::object({{"description", settings.name}, {"url", settings.base}})},
       {"fhirVersion", "4.0.1"},
       {"format", Json::array({"application/fhir+json"})},
       {"rest", Json::array({std::move(rest)})}});
}

}  // namespace meridian::sandbox
