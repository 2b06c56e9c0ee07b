// SPDX-License-Identifier: Apache-2.0
#include "store/site_key.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

class SiteKey : public testing::Test {
 protected:
  std::string path() const { return folder_.file("site.key"); }
  SiteKeySource source(bool create) const { return {"", "", path(), create}; }
  void write(const std::string& file, const std::string& content, mode_t mode) const {
    std::ofstream(file, std::ios::binary) << content;
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
  }
  std::string what(const SiteKeySource& from) const {
    const auto key = load_site_key(from);
    return key ? "a key" : std::string(key.error().what.view());
  }

  TestFolder folder_;
};

TEST_F(SiteKey, IsMadeForItsOwnerAloneAndFoundAgain) {
  const auto made = load_site_key(source(true));
  ASSERT_TRUE(made);
  struct stat facts {};
  ASSERT_EQ(::stat(path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(facts.st_size, 32);
  EXPECT_TRUE(*load_site_key(source(true)) == *made);
  EXPECT_TRUE(*load_site_key(source(false)) == *made);
}

TEST_F(SiteKey, LeavesNothingElseBehind) {
  ASSERT_TRUE(load_site_key(source(true)));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 1u);
}

TEST_F(SiteKey, IsNotMadeUnasked) {
  EXPECT_EQ(what(source(false)), "the site key cannot be opened");
  EXPECT_EQ(what({}), "no site key is configured");
  EXPECT_EQ(what({"", "", folder_.file("no/such/folder"), true}), "the site key cannot be created");
}

TEST_F(SiteKey, IsRefusedWhenOthersMayReadIt) {
  write(path(), std::string(32, 'k'), 0640);
  EXPECT_EQ(what(source(true)), "others may read the site key: chmod 600 it");
}

TEST_F(SiteKey, IsRefusedWithAnotherLength) {
  write(path(), std::string(31, 'k'), 0600);
  EXPECT_EQ(what(source(true)), "the key file has no 32 bytes");
  write(path(), std::string(33, 'k'), 0600);
  EXPECT_EQ(what(source(true)), "the key file has more than 32 bytes");
}

TEST_F(SiteKey, IsTakenFromTheEnvironmentFirst) {
  write(path(), std::string(32, 'k'), 0600);
  auto from = source(false);
  from.hex.assign(62, '0').append("aF");
  const auto key = load_site_key(from);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->view(), std::string(31, '\0').append(1, '\xaf'));
  from.hex = "0g";
  EXPECT_EQ(what(from), "MERIDIAN_SITE_KEY is not 64 hex digits");
  from.hex = std::string(64, 'g');
  EXPECT_EQ(what(from), "MERIDIAN_SITE_KEY is not 64 hex digits");
}

TEST_F(SiteKey, IsTakenFromACredentialOfSystemdBeforeTheFile) {
  write(path(), std::string(32, 'k'), 0600);
  write(folder_.file("meridian-site-key"), std::string(32, 'c'), 0444);
  auto from = source(false);
  from.credential_dir = folder_.path();
  EXPECT_EQ(load_site_key(from)->view(), std::string(32, 'c'));
  from.credential_dir = folder_.file("empty");
  EXPECT_EQ(load_site_key(from)->view(), std::string(32, 'k'));
}

}  // namespace
}  // namespace meridian::store
