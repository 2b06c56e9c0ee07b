// SPDX-License-Identifier: Apache-2.0
// What the tests of the reader share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "fhir/read/reader.h"
#include "places.h"

namespace meridian {

/// The records of JSON that must be readable.
inline RecordSet read_json(std::string_view json) {
  auto records = read_fhir(json);
  EXPECT_TRUE(records) << records.error().what.view() << " at " << records.error().detail;
  return records ? std::move(*records) : RecordSet{};
}

/// The issue at a path; null when there is none.
inline const Issue* issue_at(const RecordSet& set, std::string_view path) {
  for (const auto& issue : set.issues) {
    if (issue.path == path) return &issue;
  }
  return nullptr;
}

/// "severity code path: text" per issue, for messages.
inline std::string listing(const RecordSet& set) {
  std::string text;
  for (const auto& issue : set.issues) {
    text += std::string(severity_name(issue.severity)) + " " + issue.code + " " + issue.path +
            ": " + issue.text + "\n";
  }
  return text;
}

/// The folder of third-party test data; it may be absent.
inline std::filesystem::path test_data() {
  return test::data_folder();
}

inline std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace meridian
