// SPDX-License-Identifier: Apache-2.0
// Writes messages: new ones, and received ones with single fields changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hl7v2/syntax/message.h"

namespace meridian::hl7v2 {

/// A message that can be changed. What was not changed is written as it was received, byte for
/// byte. Borrows the bytes of the message it was made from until it is written.
class Draft {
 public:
  /// A new message of one MSH segment; segments end with CR.
  explicit Draft(const Delimiters& delimiters = {});
  explicit Draft(const Message& message);

  /// Adds a segment at the end; returns its index.
  std::size_t add(std::string_view name);
  /// Sets a field (from 1) as it is to be written, delimiters included; MSH-1 and MSH-2 cannot be
  /// set. Fields before it that were not there become empty.
  void set_raw(std::size_t segment, std::size_t field, std::string raw);
  /// Sets a field to one text, escaped.
  void set(std::size_t segment, std::size_t field, std::string_view text);
  /// Sets a field to components, each escaped; empty ones at the end are not written.
  void set(std::size_t segment, std::size_t field, const std::vector<std::string>& components);

  std::size_t size() const { return rows_.size(); }
  std::string bytes() const;

 private:
  struct Row {
    std::string name;
    std::vector<std::string> fields;
    std::string end;
    /// What stands after the name when it was read and is no field separator: a line break, where
    /// the text of lines after it was taken for a field.
    std::optional<char> after_name = std::nullopt;
  };

  Delimiters delimiters_;
  std::string prefix_;
  std::vector<Row> rows_;
};

}  // namespace meridian::hl7v2
