// SPDX-License-Identifier: Apache-2.0
// One table of the configuration file, while it is read.
#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "model/issue.h"

namespace meridian::host {

/// Takes the keys it is asked for, and reports every other. A key that is not in the file leaves
/// `into` as it is; a value that does not fit is an issue with its line and the fix.
class Section {
 public:
  /// `table`, `file` and `issues` are borrowed. `name` as in "[store]", for messages.
  Section(const toml::table& table, std::string name, std::string_view file, Issues& issues)
      : table_(table), name_(std::move(name)), file_(file), issues_(issues) {}

  /// Where the table begins in the file, from 1.
  int line() const { return static_cast<int>(table_.source().begin.line); }

  void text(std::string_view key, std::string& into) { take<std::string>(key, into, "a string"); }
  void flag(std::string_view key, bool& into) { take<bool>(key, into, "true or false"); }
  void flag(std::string_view key, std::optional<bool>& into);
  /// From `least` to `most`, both included.
  void number(std::string_view key, double& into, double least, double most);
  void number(std::string_view key, std::optional<double>& into, double least, double most);
  void whole(std::string_view key, int& into, int least, int most);
  void whole(std::string_view key, std::optional<int>& into, int least, int most);
  /// A day as "2026-11-20", or "".
  void day(std::string_view key, std::string& into);
  void choice(std::string_view key, std::string& into,
              std::initializer_list<std::string_view> choices);
  void list(std::string_view key, std::vector<std::string>& into);
  /// A list of which each item is one of `known`.
  void words(std::string_view key, std::vector<std::string>& into,
             std::initializer_list<std::string_view> known);

  /// An issue when `value` is empty.
  void require(std::string_view key, const std::string& value);
  /// Reports the keys that nobody took.
  void finish();
  /// An issue at this line of the file.
  void add(int line, std::string text);

 private:
  const toml::node* find(std::string_view key);
  template <typename T>
  void take(std::string_view key, T& into, const char* expected);
  void refuse(const toml::node& node, std::string_view key, const std::string& expected);

  const toml::table& table_;
  std::string name_;
  std::string_view file_;
  Issues& issues_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace meridian::host
