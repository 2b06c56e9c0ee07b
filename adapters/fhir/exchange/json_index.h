// SPDX-License-Identifier: Apache-2.0
// Where each value of a JSON text lies: an index of byte spans, so that parts can be copied raw.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meridian::fhir {

/// One value. Offsets count bytes of the indexed text.
struct JsonNode {
  enum class Kind : std::uint8_t { object, array, string, number, literal };
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  std::string_view key;         ///< decoded; empty for elements of arrays and for the root
  std::uint32_t key_begin = 0;  ///< at the opening quote; equals `begin` when there is no key
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  ///< one past the last byte
  std::uint32_t first_child = none;
  std::uint32_t next = none;  ///< next sibling
  Kind kind = Kind::literal;
};

/// The index of one JSON text, made in one SAX pass. The text must outlive it. Not for whole
/// messages on the way in; that is read/, which needs no index.
class JsonIndex {
 public:
  JsonIndex(JsonIndex&&) = default;
  JsonIndex& operator=(JsonIndex&&) = default;

  enum class Names { any, once };

  /// Errors: malformed with the byte offset (no JSON, not UTF-8, with `once` also a member name
  /// twice in one object); too_large, above 4 GB or 100 levels.
  static Result<JsonIndex> parse(std::string_view text, Names names = Names::any);

  /// Walks over the children of a node with a range-based for.
  class Children {
   public:
    class Iterator {
     public:
      Iterator(const std::vector<JsonNode>& nodes, std::uint32_t at) : nodes_(&nodes), at_(at) {}
      const JsonNode& operator*() const { return (*nodes_)[at_]; }
      Iterator& operator++() {
        at_ = (*nodes_)[at_].next;
        return *this;
      }
      bool operator!=(const Iterator& other) const { return at_ != other.at_; }

     private:
      const std::vector<JsonNode>* nodes_;
      std::uint32_t at_;
    };
    Children(const std::vector<JsonNode>& nodes, std::uint32_t first)
        : nodes_(&nodes), first_(first) {}
    Iterator begin() const { return {*nodes_, first_}; }
    Iterator end() const { return {*nodes_, JsonNode::none}; }

   private:
    const std::vector<JsonNode>* nodes_;
    std::uint32_t first_;
  };

  const JsonNode& root() const { return nodes_.front(); }
  Children children(const JsonNode& node) const { return {nodes_, node.first_child}; }

  /// The member of an object; nullptr when there is none, or `node` is nullptr or no object.
  const JsonNode* find(const JsonNode* node, std::string_view key) const;
  /// A member of a member: at(root, {"meta", "versionId"}).
  const JsonNode* at(const JsonNode& node, std::initializer_list<std::string_view> path) const;

  /// The bytes of the value as they stand in the text.
  std::string_view raw(const JsonNode& node) const {
    return text_.substr(node.begin, node.end - node.begin);
  }
  /// The decoded string; "" when the node is nullptr or no string.
  std::string string(const JsonNode* node) const;
  /// string(find(&node, key)).
  std::string string(const JsonNode& node, std::string_view key) const {
    return string(find(&node, key));
  }
  std::string_view text() const { return text_; }

 private:
  friend class JsonIndexBuilder;
  JsonIndex() = default;

  std::string_view text_;
  std::vector<JsonNode> nodes_;
  std::deque<std::string> keys_;  ///< names that were written with escapes
};

/// A resource inside a bundle, or the text itself when it is no bundle.
struct BundleEntry {
  std::string full_url;
  std::string type;
  std::string id;
  std::string version;       ///< meta.versionId
  std::string last_updated;  ///< meta.lastUpdated
  std::string mode;          ///< search.mode
  std::string_view resource;

  /// "Type/id"; "" without id.
  std::string ref() const { return id.empty() ? std::string() : type + "/" + id; }
};

/// The entries of a bundle, in order, entries without resource left out. Errors: those of parse.
Result<std::vector<BundleEntry>> bundle_entries(std::string_view bundle);

/// Every string of a member "reference" in the resource, decoded, in order.
std::vector<std::string> references_in(const JsonIndex& index, const JsonNode& node);

}  // namespace meridian::fhir
