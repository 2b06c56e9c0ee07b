// SPDX-License-Identifier: Apache-2.0
// Reads dialect files; a member that is not known is an error, so that a typing error is found.
#include "fhir/exchange/dialect.h"

#include "fhir/exchange/dialect_files.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

using Kind = JsonNode::Kind;

/// Reads members in turn and keeps the first error; after one, everything reads as empty.
class DialectReader {
 public:
  explicit DialectReader(const JsonIndex& index) : index_(index) {}

  Result<Dialect> run() {
    Dialect dialect;
    const JsonNode& root = index_.root();
    if (index_.string(root, "format") != "meridian.dialect/1") refuse(root, "format");
    expect(root, {"format", "id", "title", "source", "history", "follow", "origin_watches",
                  "receiver_watches", "expected"});
    dialect.id = text(root, "id");
    dialect.history = searches(root, "history");
    dialect.origin_watches = watches(root, "origin_watches");
    dialect.receiver_watches = watches(root, "receiver_watches");
    for (const JsonNode* node : list(root, "follow")) dialect.follow.push_back(follow(*node));
    if (const JsonNode* expected = index_.find(&root, "expected")) {
      dialect.expected = capabilities(*expected);
    }
    if (failed_) return error_;
    return dialect;
  }

 private:
  void refuse(const JsonNode& node, Literal what) {
    if (failed_) return;
    failed_ = true;
    error_ = {ErrorCode::misconfigured, "dialect", what, node.key_begin};
  }

  void expect(const JsonNode& object, std::initializer_list<std::string_view> names) {
    if (object.kind != Kind::object) return refuse(object, "an object is due");
    for (const auto& child : index_.children(object)) {
      bool known = false;
      for (const auto name : names) known = known || name == child.key;
      if (!known) refuse(child, "a member that is not known");
    }
  }

  std::string text(const JsonNode& object, std::string_view name) {
    auto value = index_.string(object, name);
    if (value.empty()) refuse(object, "a text is missing");
    return value;
  }

  std::vector<const JsonNode*> list(const JsonNode& object, std::string_view name) {
    std::vector<const JsonNode*> nodes;
    const JsonNode* found = index_.find(&object, name);
    if (found == nullptr) return nodes;
    if (found->kind != Kind::array) refuse(*found, "a list is due");
    for (const auto& node : index_.children(*found)) nodes.push_back(&node);
    return nodes;
  }

  std::vector<std::string> texts(const JsonNode& object, std::string_view name) {
    std::vector<std::string> values;
    for (const JsonNode* node : list(object, name)) {
      if (node->kind != Kind::string) refuse(*node, "a text is due");
      values.push_back(index_.string(node));
    }
    return values;
  }

  /// "patient={patient}&category=survey".
  SearchParams params(const JsonNode& object) {
    SearchParams params;
    const std::string query = index_.string(object, "params");
    for (std::size_t at = 0; at < query.size();) {
      const auto end = std::min(query.find('&', at), query.size());
      const auto pair = query.substr(at, end - at);
      const auto equals = pair.find('=');
      if (equals == std::string::npos) {
        refuse(object, "params are not name=value&name=value");
        return params;
      }
      params.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
      at = end + 1;
    }
    return params;
  }

  std::vector<HistorySearch> searches(const JsonNode& object, std::string_view name) {
    std::vector<HistorySearch> searches;
    for (const JsonNode* node : list(object, name)) {
      expect(*node, {"kind", "type", "params"});
      searches.push_back({index_.string(*node, "kind"), text(*node, "type"), params(*node)});
    }
    return searches;
  }

  Follow follow(const JsonNode& node) {
    expect(node, {"path", "kind"});
    const std::string path = text(node, "path");
    const auto dot = path.find('.');
    if (dot == std::string::npos) refuse(node, "path is not Type.element");
    return {path.substr(0, dot), path.substr(std::min(dot, path.size() - 1) + 1),
            text(node, "kind")};
  }

  std::vector<Watch> watches(const JsonNode& object, std::string_view name) {
    std::vector<Watch> watches;
    for (const JsonNode* node : list(object, name)) {
      expect(*node, {"name", "type", "params", "by", "own", "skip_status", "follow", "along"});
      Watch watch;
      watch.name = text(*node, "name");
      watch.type = text(*node, "type");
      watch.params = params(*node);
      const std::string by = text(*node, "by");
      if (by != "last-updated" && by != "patient") refuse(*node, "by: last-updated or patient");
      watch.by = by == "patient" ? Watch::By::patient : Watch::By::last_updated;
      const std::string own = text(*node, "own");
      if (own != "any" && own != "skip" && own != "only") refuse(*node, "own: any, skip or only");
      watch.own =
          own == "skip" ? Watch::Own::skip : (own == "only" ? Watch::Own::only : Watch::Own::any);
      watch.skip_status = texts(*node, "skip_status");
      watch.follow = texts(*node, "follow");
      watch.along = searches(*node, "along");
      watches.push_back(std::move(watch));
    }
    return watches;
  }

  Capabilities capabilities(const JsonNode& node) {
    expect(node, {"system", "types", "conditional_create", "conditional_update"});
    Capabilities capabilities;
    for (auto& name : texts(node, "system")) capabilities.system_interactions.insert(name);
    const JsonNode* types = index_.find(&node, "types");
    if (types == nullptr || types->kind != Kind::object) return capabilities;
    for (const auto& type : index_.children(*types)) {
      auto& said = capabilities.types[std::string(type.key)];
      for (const auto& name : index_.children(type)) {
        said.interactions.insert(index_.string(&name));
      }
    }
    for (const auto& name : texts(node, "conditional_create")) {
      capabilities.types[name].conditional_create = true;
    }
    for (const auto& name : texts(node, "conditional_update")) {
      capabilities.types[name].conditional_update = true;
    }
    return capabilities;
  }

  const JsonIndex& index_;
  bool failed_ = false;
  Error error_{ErrorCode::internal, "", ""};
};

}  // namespace

Result<Dialect> read_dialect(std::string_view json) {
  const auto index = JsonIndex::parse(json, JsonIndex::Names::once);
  if (!index) return index.error();
  return DialectReader(*index).run();
}

Result<Dialect> find_dialect(std::string_view id) {
  for (std::size_t i = 0; i < dialect_file_count; ++i) {
    if (dialect_files[i].id == id) return read_dialect(dialect_files[i].json);
  }
  return Error{ErrorCode::not_found, "dialect", "no dialect of that name"};
}

std::vector<std::string> dialect_ids() {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < dialect_file_count; ++i) ids.emplace_back(dialect_files[i].id);
  return ids;
}

}  // namespace meridian::fhir
