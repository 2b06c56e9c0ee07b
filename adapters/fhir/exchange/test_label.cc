// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/test_label.h"

#include <utility>
#include <vector>

#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view code = "HTEST";
constexpr std::string_view system_uri = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
constexpr std::string_view label =
    R"({"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST",)"
    R"("display":"test health data"})";

bool has_label(const JsonIndex& index, const JsonNode& resource) {
  const auto* labels = index.at(resource, {"meta", "security"});
  if (labels == nullptr || labels->kind != JsonNode::Kind::array) return false;
  for (const auto& one : index.children(*labels)) {
    if (index.string(one, "code") == code && index.string(one, "system") == system_uri) return true;
  }
  return false;
}

/// The resources of a Bundle, or the one that it is.
std::vector<const JsonNode*> resources_of(const JsonIndex& index) {
  const auto& root = index.root();
  if (root.kind != JsonNode::Kind::object || !index.find(&root, "resourceType")) return {};
  const auto* entries = index.find(&root, "entry");
  if (index.string(root, "resourceType") != "Bundle" || entries == nullptr) return {&root};
  std::vector<const JsonNode*> resources;
  for (const auto& entry : index.children(*entries)) {
    const auto* resource = index.find(&entry, "resource");
    const bool is_one = resource != nullptr && resource->kind == JsonNode::Kind::object;
    if (is_one) resources.push_back(resource);
  }
  return resources;
}

/// Where the label goes, and what is written there: always right behind a bracket that opens.
std::pair<std::uint32_t, std::string> addition(const JsonIndex& index, const JsonNode& resource) {
  const auto at = [](const JsonNode& node, std::string text) {
    const bool alone = node.first_child == JsonNode::none;
    return std::pair(node.begin + 1, std::move(text) + (alone ? "" : ","));
  };
  const std::string list = "[" + std::string(label) + "]";
  const auto* labels = index.at(resource, {"meta", "security"});
  if (labels != nullptr) return at(*labels, std::string(label));
  const auto* meta = index.find(&resource, "meta");
  if (meta != nullptr) return at(*meta, "\"security\":" + list);
  return at(resource, "\"meta\":{\"security\":" + list + "}");
}

}  // namespace

bool is_labelled_test(std::string_view json) {
  if (json.find(code) == std::string_view::npos) return false;
  const auto index = JsonIndex::parse(json);
  if (!index) return false;
  for (const auto* resource : resources_of(*index)) {
    if (has_label(*index, *resource)) return true;
  }
  return false;
}

std::string labelled_test(const std::string& json) {
  const auto index = JsonIndex::parse(json);
  if (!index) return json;
  std::string out;
  std::uint32_t copied = 0;
  for (const auto* resource : resources_of(*index)) {
    if (has_label(*index, *resource)) continue;
    const auto [place, text] = addition(*index, *resource);
    out.append(json, copied, place - copied);
    out += text;
    copied = place;
  }
  return out.append(json, copied);
}

}  // namespace meridian::fhir
