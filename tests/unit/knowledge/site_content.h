// SPDX-License-Identifier: Apache-2.0
// A site's copy of fhir-profiles that a test may spoil.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "places.h"
#include "unit/knowledge/embedded.h"

namespace meridian::test {

class SiteContent : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "meridian-content-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    std::filesystem::copy(std::string(test::source_folder) + "/fhir-profiles", directory_,
                          std::filesystem::copy_options::recursive);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path, std::ios::binary) << text;
  }

  /// Replaces the first occurrence of `from` in a file.
  void edit(const std::string& path, const std::string& from, const std::string& to) {
    std::ifstream in(directory_ / path);
    std::stringstream text;
    text << in.rdbuf();
    std::string all = text.str();
    const auto at = all.find(from);
    ASSERT_NE(at, std::string::npos) << path << " does not hold " << from;
    write(path, all.replace(at, from.size(), to));
  }

  /// Loads, expecting failure, and returns the issues as "code path: text" lines.
  std::string faults() {
    Issues issues;
    const auto loaded = load_knowledge(directory_, issues);
    EXPECT_FALSE(loaded);
    if (!loaded) {
      EXPECT_EQ(loaded.error().code, ErrorCode::misconfigured);
    }
    std::string lines;
    for (const auto& issue : issues)
      lines += issue.code + " " + issue.path + ": " + issue.text + "\n";
    return lines;
  }

  void expect_fault(const std::string& expected) {
    const auto found = faults();
    EXPECT_NE(found.find(expected), std::string::npos) << "expected " << expected << " in\n"
                                                       << found;
  }

  std::filesystem::path directory_;
};

}  // namespace meridian::test
