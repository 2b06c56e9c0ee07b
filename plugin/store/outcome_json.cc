// SPDX-License-Identifier: Apache-2.0
#include "store/outcome_json.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace meridian::store {

std::string outcome_json(const Issues& issues) {
  if (issues.empty()) return {};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
  json.StartObject();
  json.Key("resourceType");
  json.String("OperationOutcome");
  json.Key("issue");
  json.StartArray();
  for (const auto& issue : issues) {
    json.StartObject();
    json.Key("severity");
    json.String(severity_name(issue.severity));
    json.Key("code");
    json.String(issue.code);
    json.Key("diagnostics");
    json.String(issue.text);
    json.Key("expression");
    json.StartArray();
    json.String(issue.path);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace meridian::store
