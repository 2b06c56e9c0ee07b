// SPDX-License-Identifier: Apache-2.0
#include "unit/hl7v2_write/map_rows.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "places.h"

namespace meridian::hl7v2::test {
namespace {

/// The extension ".../v2-NAME" of a row; "" when it has none.
std::string extension(const rapidjson::Value& target, const std::string& name) {
  for (const auto& each : target["extension"].GetArray()) {
    if (!std::string(each["url"].GetString()).ends_with("/v2-" + name)) continue;
    return each[name == "way" ? "valueCode" : "valueString"].GetString();
  }
  return {};
}

}  // namespace

std::vector<MapRow> map_rows() {
  std::ifstream in(std::string(meridian::test::source_folder) +
                   "/fhir-profiles/v2/segments/ConceptMap-v2-segments.json");
  std::stringstream text;
  text << in.rdbuf();
  rapidjson::Document map;
  map.Parse(text.str().c_str());
  std::vector<MapRow> rows;
  if (map.HasParseError()) {
    ADD_FAILURE() << "the map is no JSON at " << map.GetErrorOffset();
    return rows;
  }
  for (const auto& group : map["group"].GetArray()) {
    for (const auto& element : group["element"].GetArray()) {
      for (const auto& target : element["target"].GetArray()) {
        rows.push_back({element["code"].GetString(), target["code"].GetString(),
                        extension(target, "way"), extension(target, "example"),
                        extension(target, "gives"), extension(target, "written")});
      }
    }
  }
  return rows;
}

}  // namespace meridian::hl7v2::test
