// SPDX-License-Identifier: Apache-2.0
// Texts of tests/golden/explain. MERIDIAN_UPDATE_GOLDEN=1 writes them anew; the difference is for a
// person to read.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "places.h"

namespace meridian::test {

inline void expect_golden(const std::string& found, const std::string& file) {
  const std::filesystem::path path =
      std::filesystem::path(test::source_folder) / "tests/golden/explain" / file;
  if (std::getenv("MERIDIAN_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << found;
  }
  std::ostringstream expected;
  expected << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_EQ(found, expected.str()) << path;
}

}  // namespace meridian::test
