// SPDX-License-Identifier: Apache-2.0
#include "base/read_file.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace meridian {
namespace {

class ReadFile : public testing::Test {
 protected:
  ReadFile() {
    std::string name = testing::TempDir() + "read-file-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  ~ReadFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& bytes) {
    std::ofstream(folder_ / "file", std::ios::binary) << bytes;
    return folder_ / "file";
  }

  std::filesystem::path folder_;
};

TEST_F(ReadFile, GivesAllBytes) {
  const std::string bytes("a\0b\r\n\xFF", 6);
  EXPECT_EQ(read_file(write(bytes)), bytes);
  const std::string long_one(300'000, 'x');
  EXPECT_EQ(read_file(write(long_one)), long_one);
}

TEST_F(ReadFile, GivesNothingOfAnEmptyFileButNotNoFile) {
  EXPECT_EQ(read_file(write("")), "");
}

TEST_F(ReadFile, GivesNoFileForWhatIsNotThereAndForAFolder) {
  EXPECT_EQ(read_file(folder_ / "nothing"), std::nullopt);
  EXPECT_EQ(read_file(folder_), std::nullopt);
}

}  // namespace
}  // namespace meridian
