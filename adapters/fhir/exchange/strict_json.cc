// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/strict_json.h"

#include <charconv>

namespace meridian::fhir {

using Kind = JsonNode::Kind;

void StrictJson::refuse(const JsonNode& node, Literal what) {
  if (failed_) return;
  failed_ = true;
  error_ = {ErrorCode::misconfigured, "dialect", what, node.key_begin};
}

void StrictJson::expect(const JsonNode& object, std::initializer_list<std::string_view> names) {
  if (object.kind != Kind::object) return refuse(object, "an object is due");
  for (const auto& child : index_.children(object)) {
    bool known = false;
    for (const auto name : names) known = known || name == child.key;
    if (!known) refuse(child, "a member that is not known");
  }
}

std::string StrictJson::text(const JsonNode& object, std::string_view name) {
  auto value = index_.string(object, name);
  if (value.empty()) refuse(object, "a text is missing");
  return value;
}

int StrictJson::number(const JsonNode& object, std::string_view name) {
  const JsonNode* found = index_.find(&object, name);
  if (found == nullptr) return 0;
  const auto raw = index_.raw(*found);
  int value = -1;
  const auto end = raw.data() + raw.size();
  if (std::from_chars(raw.data(), end, value).ptr != end || value < 0) {
    refuse(*found, "a whole number is due");
  }
  return value;
}

bool StrictJson::flag(const JsonNode& object, std::string_view name) {
  const JsonNode* found = index_.find(&object, name);
  if (found == nullptr) return false;
  const auto raw = index_.raw(*found);
  if (raw != "true" && raw != "false") refuse(*found, "true or false is due");
  return raw == "true";
}

std::vector<const JsonNode*> StrictJson::list(const JsonNode& object, std::string_view name) {
  std::vector<const JsonNode*> nodes;
  const JsonNode* found = index_.find(&object, name);
  if (found == nullptr) return nodes;
  if (found->kind != Kind::array) refuse(*found, "a list is due");
  for (const auto& node : index_.children(*found)) nodes.push_back(&node);
  return nodes;
}

std::vector<std::string> StrictJson::texts(const JsonNode& object, std::string_view name) {
  std::vector<std::string> values;
  for (const JsonNode* node : list(object, name)) {
    if (node->kind != Kind::string) refuse(*node, "a text is due");
    values.push_back(index_.string(node));
  }
  return values;
}

std::vector<const JsonNode*> StrictJson::members(const JsonNode& object, std::string_view name) {
  std::vector<const JsonNode*> nodes;
  const JsonNode* found = index_.find(&object, name);
  if (found == nullptr) return nodes;
  if (found->kind != Kind::object) refuse(*found, "an object is due");
  for (const auto& node : index_.children(*found)) nodes.push_back(&node);
  return nodes;
}

}  // namespace meridian::fhir
