// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/capabilities.h"

#include <rapidjson/document.h>

namespace meridian::fhir {
namespace {

using Json = rapidjson::Value;

std::string text_of(const Json& object, const char* name) {
  if (!object.IsObject()) return {};
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

bool flag_of(const Json& object, const char* name) {
  const auto found = object.FindMember(name);
  return found != object.MemberEnd() && found->value.IsBool() && found->value.GetBool();
}

/// Calls `take` with each object of the array; nothing when it is none.
template <typename Take>
void each(const Json& object, const char* name, Take take) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsArray()) return;
  for (const auto& item : found->value.GetArray()) {
    if (item.IsObject()) take(item);
  }
}

void read_type(const Json& resource, Capabilities& into) {
  auto& type = into.types[text_of(resource, "type")];
  each(resource, "interaction",
       [&](const Json& entry) { type.interactions.insert(text_of(entry, "code")); });
  each(resource, "searchParam",
       [&](const Json& entry) { type.search_params.insert(text_of(entry, "name")); });
  type.conditional_create = flag_of(resource, "conditionalCreate");
  type.conditional_update = flag_of(resource, "conditionalUpdate");
}

}  // namespace

bool Capabilities::allows(std::string_view type, std::string_view interaction) const {
  const auto found = types.find(type);
  return found != types.end() && found->second.interactions.contains(std::string(interaction));
}

bool Capabilities::conditional_create(std::string_view type) const {
  const auto found = types.find(type);
  return found != types.end() && found->second.conditional_create;
}

Result<Capabilities> read_capabilities(std::string_view json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError() || text_of(document, "resourceType") != "CapabilityStatement") {
    return Error{ErrorCode::malformed, "fhir metadata", "/metadata is not a CapabilityStatement"};
  }
  Capabilities out;
  out.fhir_version = text_of(document, "fhirVersion");
  if (document.HasMember("software")) {
    out.software = text_of(document["software"], "name");
    const auto version = text_of(document["software"], "version");
    if (!version.empty()) out.software += " " + version;
  }
  bool taken = false;
  each(document, "rest", [&](const Json& rest) {
    if (taken || text_of(rest, "mode") == "client") return;
    taken = true;
    each(rest, "interaction",
         [&](const Json& entry) { out.system_interactions.insert(text_of(entry, "code")); });
    each(rest, "resource", [&](const Json& resource) { read_type(resource, out); });
  });
  return out;
}

}  // namespace meridian::fhir
