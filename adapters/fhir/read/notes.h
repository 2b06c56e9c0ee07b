// SPDX-License-Identifier: Apache-2.0
// Collects the issues of one read, and what it says about the FHIR version of the input.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/issue.h"

namespace meridian::fhir_read {

/// All problems found so far. Bounded, so that hostile input cannot fill memory with complaints.
class Notes {
 public:
  static constexpr std::size_t limit = 50'000;

  /// Line of NDJSON that is read; paths begin with "line 3: ". 0: not NDJSON.
  void set_line(std::size_t line) { line_ = line; }

  void add(Severity severity, const char* code, std::string path, std::string text);
  /// An element, value or resource type that only FHIR STU3 has.
  void add_stu3(std::string_view path);
  /// True when no more issues are taken.
  bool full() const { return issues_.size() >= limit; }

  /// Hands over all issues; the version mismatch, when there was one, comes first.
  Issues take();

 private:
  Issues issues_;
  std::size_t line_ = 0;
  std::string stu3_path_;
  std::size_t stu3_count_ = 0;
};

/// "line 3: Patient.birthDate", or "line 3" when the path is empty.
std::string path_in_line(std::size_t line, std::string_view path);

/// The value in quotes, cut to a readable length without breaking a character.
std::string quoted(std::string_view value);

}  // namespace meridian::fhir_read
