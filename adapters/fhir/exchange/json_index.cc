// SPDX-License-Identifier: Apache-2.0
// The SAX pass that notes where each value begins and ends.
#include "fhir/exchange/json_index.h"

#include <set>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace meridian::fhir {
namespace {

constexpr std::size_t max_depth = 100;

bool is_between_tokens(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':';
}

}  // namespace

/// Handler of the SAX pass. With RapidJSON's iterative parser the stream stands behind a key,
/// string, number or literal when it is told, and at the bracket when an object or array is.
class JsonIndexBuilder {
 public:
  JsonIndexBuilder(JsonIndex& index, const rapidjson::MemoryStream& stream, JsonIndex::Names names)
      : index_(index), stream_(stream), names_(names) {}

  bool Null() { return scalar(JsonNode::Kind::literal); }
  bool Bool(bool) { return scalar(JsonNode::Kind::literal); }
  bool Int(int) { return scalar(JsonNode::Kind::number); }
  bool Uint(unsigned) { return scalar(JsonNode::Kind::number); }
  bool Int64(std::int64_t) { return scalar(JsonNode::Kind::number); }
  bool Uint64(std::uint64_t) { return scalar(JsonNode::Kind::number); }
  bool Double(double) { return scalar(JsonNode::Kind::number); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return scalar(JsonNode::Kind::number); }
  bool String(const char*, rapidjson::SizeType, bool) { return scalar(JsonNode::Kind::string); }
  bool StartObject() { return open(JsonNode::Kind::object); }
  bool StartArray() { return open(JsonNode::Kind::array); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    const std::size_t end = stream_.Tell();
    key_begin_ = token_begin();
    done_ = end;
    const std::string_view decoded(text, size);
    const std::string_view written = index_.text_.substr(key_begin_ + 1, end - key_begin_ - 2);
    key_ = written == decoded ? written : index_.keys_.emplace_back(decoded);
    const bool known = names_ == JsonIndex::Names::once && !open_.back().names.insert(key_).second;
    return known ? fail(key_begin_) : true;
  }

  bool too_deep() const { return too_deep_; }
  /// Where the handler itself refused; the parser's own offset otherwise.
  std::size_t refused_at() const { return refused_at_; }
  bool refused() const { return refused_; }

 private:
  struct Open {
    std::uint32_t node = 0;
    std::uint32_t last_child = JsonNode::none;
    std::set<std::string_view> names;
  };

  bool fail(std::size_t at) {
    refused_ = true;
    refused_at_ = at;
    return false;
  }

  std::size_t token_begin() const {
    std::size_t at = done_;
    while (at < index_.text_.size() && is_between_tokens(index_.text_[at])) ++at;
    return at;
  }

  std::uint32_t add(JsonNode::Kind kind, std::size_t end) {
    const auto id = static_cast<std::uint32_t>(index_.nodes_.size());
    JsonNode node;
    node.kind = kind;
    node.begin = static_cast<std::uint32_t>(token_begin());
    node.end = static_cast<std::uint32_t>(end);
    const bool member =
        !open_.empty() && index_.nodes_[open_.back().node].kind == JsonNode::Kind::object;
    node.key_begin = member ? static_cast<std::uint32_t>(key_begin_) : node.begin;
    if (member) node.key = key_;
    index_.nodes_.push_back(node);
    if (!open_.empty()) {
      Open& parent = open_.back();
      auto& link = parent.last_child == JsonNode::none ? index_.nodes_[parent.node].first_child
                                                       : index_.nodes_[parent.last_child].next;
      link = id;
      parent.last_child = id;
    }
    return id;
  }

  bool scalar(JsonNode::Kind kind) {
    add(kind, stream_.Tell());
    done_ = stream_.Tell();
    return true;
  }

  bool open(JsonNode::Kind kind) {
    if (open_.size() >= max_depth) {
      too_deep_ = true;
      return fail(stream_.Tell());
    }
    const std::uint32_t id = add(kind, 0);
    open_.push_back({id, JsonNode::none, {}});
    done_ = index_.nodes_[id].begin + 1;
    return true;
  }

  bool close() {
    const std::size_t end = token_begin() + 1;
    index_.nodes_[open_.back().node].end = static_cast<std::uint32_t>(end);
    open_.pop_back();
    done_ = end;
    return true;
  }

  JsonIndex& index_;
  const rapidjson::MemoryStream& stream_;
  JsonIndex::Names names_;
  std::vector<Open> open_;
  std::size_t done_ = 0;  ///< one past the last token that was noted
  std::size_t key_begin_ = 0;
  std::string_view key_;
  std::size_t refused_at_ = 0;
  bool refused_ = false;
  bool too_deep_ = false;
};

Result<JsonIndex> JsonIndex::parse(std::string_view text, Names names) {
  if (text.size() >= JsonNode::none) return Error{ErrorCode::too_large, "json", "above 4 GB"};
  JsonIndex index;
  index.text_ = text;
  rapidjson::MemoryStream stream(text.data(), text.size());
  JsonIndexBuilder builder(index, stream, names);
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
  if (reader.Parse<flags>(stream, builder).IsError()) {
    if (builder.too_deep()) return Error{ErrorCode::too_large, "json", "more than 100 levels"};
    const auto at = builder.refused() ? builder.refused_at() : reader.GetErrorOffset();
    return Error{ErrorCode::malformed, "json",
                 builder.refused() ? Literal("a member name twice") : Literal("not valid JSON"),
                 static_cast<std::int64_t>(at)};
  }
  if (stream.Tell() != text.size()) {  // the parser takes a NUL byte for the end
    return Error{ErrorCode::malformed, "json", "a NUL byte",
                 static_cast<std::int64_t>(stream.Tell())};
  }
  return index;
}

const JsonNode* JsonIndex::find(const JsonNode* node, std::string_view key) const {
  if (node == nullptr || node->kind != JsonNode::Kind::object) return nullptr;
  for (const auto& child : children(*node)) {
    if (child.key == key) return &child;
  }
  return nullptr;
}

const JsonNode* JsonIndex::at(const JsonNode& node,
                              std::initializer_list<std::string_view> path) const {
  const JsonNode* found = &node;
  for (const auto name : path) found = find(found, name);
  return found;
}

std::string JsonIndex::string(const JsonNode* node) const {
  if (node == nullptr || node->kind != JsonNode::Kind::string) return {};
  const std::string_view written = text_.substr(node->begin + 1, node->end - node->begin - 2);
  if (written.find('\\') == std::string_view::npos) return std::string(written);
  struct Decoder : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Decoder> {
    bool String(const char* text, rapidjson::SizeType size, bool) {
      decoded.assign(text, size);
      return true;
    }
    std::string decoded;
  } decoder;
  const std::string_view value = raw(*node);
  rapidjson::MemoryStream stream(value.data(), value.size());
  rapidjson::Reader reader;
  reader.Parse(stream, decoder);
  return decoder.decoded;
}

namespace {

BundleEntry read_entry(const JsonIndex& index, const JsonNode& resource) {
  BundleEntry entry;
  entry.type = index.string(resource, "resourceType");
  entry.id = index.string(resource, "id");
  entry.version = index.string(index.at(resource, {"meta", "versionId"}));
  entry.last_updated = index.string(index.at(resource, {"meta", "lastUpdated"}));
  entry.resource = index.raw(resource);
  return entry;
}

}  // namespace

Result<std::vector<BundleEntry>> bundle_entries(std::string_view bundle) {
  auto index = JsonIndex::parse(bundle);
  if (!index) return index.error();
  const JsonNode& root = index->root();
  std::vector<BundleEntry> entries;
  if (index->string(root, "resourceType") != "Bundle") {
    entries.push_back(read_entry(*index, root));
    return entries;
  }
  const JsonNode* list = index->find(&root, "entry");
  if (list == nullptr) return entries;
  for (const auto& node : index->children(*list)) {
    const JsonNode* resource = index->find(&node, "resource");
    if (resource == nullptr) continue;
    BundleEntry entry = read_entry(*index, *resource);
    entry.full_url = index->string(node, "fullUrl");
    entry.mode = index->string(index->at(node, {"search", "mode"}));
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<std::string> references_in(const JsonIndex& index, const JsonNode& node) {
  std::vector<std::string> found;
  for (const auto& child : index.children(node)) {
    if (child.key == "reference" && child.kind == JsonNode::Kind::string) {
      found.push_back(index.string(&child));
      continue;
    }
    for (auto& inner : references_in(index, child)) found.push_back(std::move(inner));
  }
  return found;
}

}  // namespace meridian::fhir
