// SPDX-License-Identifier: Apache-2.0
// One JSON file of clinical content: typed access, and every fault as an issue with file and path.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/issue.h"

namespace meridian {

/// A value in a parsed file. Members that are absent or of another type become issues; reading goes
/// on with an empty value, so that all faults of a file are found at once.
/// Valid while its JsonFile lives; a child also needs its parent, which is why it cannot be copied.
class JsonNode {
 public:
  using Visit = std::function<void(const JsonNode&)>;

  JsonNode(const void* value, const std::string& file, Issues& issues)
      : value_(value), file_(file), issues_(issues) {}
  JsonNode(const JsonNode&) = delete;
  JsonNode& operator=(const JsonNode&) = delete;

  /// Every member must be one of these, and stand once.
  void only(std::span<const std::string_view> keys) const;
  void only(std::initializer_list<std::string_view> keys) const {
    only(std::span(keys.begin(), keys.size()));
  }
  bool has(std::string_view key) const;

  /// A required string that is not empty.
  std::string_view text(std::string_view key) const;
  /// A string, or `fallback` when absent.
  std::string_view text_or(std::string_view key, std::string_view fallback) const;
  /// An array of strings; empty when absent.
  std::vector<std::string> texts(std::string_view key) const;
  /// A whole number from 0 on.
  std::optional<int> number(std::string_view key) const;
  std::optional<double> decimal(std::string_view key) const;
  bool flag_or(std::string_view key, bool fallback) const;

  /// Calls `visit` with each object of an array; nothing when absent.
  void each(std::string_view key, const Visit& visit) const;
  /// Calls `visit` with an object; nothing when absent.
  void member(std::string_view key, const Visit& visit) const;
  /// Calls `visit` with each member of this object; key() is its name.
  void members(const Visit& visit) const;
  std::string_view key() const { return key_; }
  /// This value as an array of strings.
  std::vector<std::string> as_texts() const;

  /// Adds an issue of severity error at this value, or at its member `key`.
  void fault(std::string_view code, std::string text, std::string_view key = {}) const;

 private:
  JsonNode(const void* value, const JsonNode& parent, std::string_view key, int index)
      : value_(value),
        file_(parent.file_),
        issues_(parent.issues_),
        parent_(&parent),
        key_(key),
        index_(index) {}

  const void* find(std::string_view key) const;
  std::string path() const;

  const void* value_;
  const std::string& file_;
  Issues& issues_;
  const JsonNode* parent_ = nullptr;
  std::string_view key_;
  int index_ = -1;
};

/// A parsed file. Owns its text.
class JsonFile {
 public:
  /// Adds an issue with file and line when the text is not a JSON object in UTF-8.
  static std::optional<JsonFile> parse(std::string name, std::string_view text, Issues& issues);

  JsonFile(JsonFile&&) noexcept;
  JsonFile& operator=(JsonFile&&) noexcept;
  ~JsonFile();

  const std::string& name() const;
  void read(Issues& issues, const JsonNode::Visit& visit) const;

 private:
  struct Parsed;
  explicit JsonFile(std::unique_ptr<Parsed> parsed);

  std::unique_ptr<Parsed> parsed_;
};

}  // namespace meridian
