// SPDX-License-Identifier: Apache-2.0
// Reads a file of ours strictly: a member that is not known is an error, so that a typing error is
// found.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {

/// Members are read in turn and the first fault is kept; after one, everything reads as empty.
class StrictJson {
 public:
  /// `index` is borrowed.
  explicit StrictJson(const JsonIndex& index) : index_(index) {}

  bool failed() const { return failed_; }
  /// misconfigured, with the byte offset of the first fault.
  const Error& error() const { return error_; }

  void refuse(const JsonNode& node, Literal what);
  /// Refuses what is no object, and members of other names.
  void expect(const JsonNode& object, std::initializer_list<std::string_view> names);
  /// A text that must be there.
  std::string text(const JsonNode& object, std::string_view name);
  /// A whole number from 0 on; 0 when it is not there.
  int number(const JsonNode& object, std::string_view name);
  bool flag(const JsonNode& object, std::string_view name);
  /// The elements of a list; none when it is not there.
  std::vector<const JsonNode*> list(const JsonNode& object, std::string_view name);
  std::vector<std::string> texts(const JsonNode& object, std::string_view name);
  /// The members of an object; none when it is not there.
  std::vector<const JsonNode*> members(const JsonNode& object, std::string_view name);

 private:
  const JsonIndex& index_;
  bool failed_ = false;
  Error error_{ErrorCode::internal, "", ""};
};

}  // namespace meridian::fhir
