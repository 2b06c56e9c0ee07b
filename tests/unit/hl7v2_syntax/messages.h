// SPDX-License-Identifier: Apache-2.0
// The v2 messages of the test data, and what the tests of the syntax share.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "hl7v2/syntax/batch.h"
#include "hl7v2/syntax/message.h"
#include "places.h"

namespace meridian::hl7v2 {

inline std::filesystem::path test_data() {
  return std::filesystem::path(test::data_folder()) / "hl7v2";
}

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Files of v2 messages; the JSON and text beside them are what other programs made of them.
inline std::vector<std::filesystem::path> message_files() {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(test_data())) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(test_data())) {
    if (!entry.is_regular_file() || entry.path().extension() == ".json") continue;
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline std::string text_of(const Issues& issues) {
  std::string text;
  for (const auto& issue : issues) text += issue.path + ": " + issue.text + '\n';
  return text;
}

}  // namespace meridian::hl7v2
