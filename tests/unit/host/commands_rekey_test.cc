// SPDX-License-Identifier: Apache-2.0
// rekey: what it changes, and that it goes on from wherever a crash left it.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "host/commands.h"
#include "host/lasting_keys.h"
#include "host/site.h"
#include "store/rekey.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class RekeyCommand : public testing::Test {
 protected:
  RekeyCommand() {
    fs::create_directories(folder_);
    std::ofstream(command_.config) << "[site]\nname = \"Tamarack Ridge\"\n";
    const auto store = open(StoreUse::run);
    EXPECT_TRUE(store->set_cursor(SourceId("hospital"), "orders", "page 7"));
    first_ = bytes_of(key_);
  }
  ~RekeyCommand() override { fs::remove_all(folder_); }

  Config config() const {
    Issues issues;
    return load_config(command_.config, issues);
  }
  std::unique_ptr<store::Store> open(StoreUse use) {
    auto opened = open_site_store(config(), use);
    return opened ? std::move(*opened) : nullptr;
  }
  int run(bool yes = true) {
    command_.yes = yes;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = rekey(command_, "");
    said_ = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    return status;
  }
  std::string asides() const {
    std::string keys;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().string().starts_with(key_.string() + ".until-")) keys += bytes_of(entry);
    }
    return keys;
  }
  /// What must hold when all was done, whatever came between.
  void expect_done() {
    EXPECT_NE(bytes_of(key_), first_);
    EXPECT_EQ(asides(), first_);
    EXPECT_FALSE(fs::exists(next_));
    struct stat facts {};
    EXPECT_EQ(::stat(key_.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600U);
    const auto store = open(StoreUse::run);
    ASSERT_TRUE(store) << said_;
    EXPECT_EQ(*store->cursor(SourceId("hospital"), "orders"), "page 7");
    EXPECT_EQ(store->audit(1)->front().event, "Site.rekey");
  }

  const fs::path folder_ = fs::temp_directory_path() / ("meridian-rekey-" + new_ulid());
  const fs::path key_ = folder_ / "meridian.key";
  const fs::path next_ = folder_ / "meridian.key.next";
  SiteCommand command_{.config = folder_ / "site.toml", .by = "Ada"};
  std::string first_;
  std::string said_;
};

TEST_F(RekeyCommand, SaysFirstWhatItWouldDo) {
  EXPECT_EQ(run(false), 0);
  EXPECT_NE(said_.find("\"openAlerts\":0"), std::string::npos) << said_;
  EXPECT_EQ(bytes_of(key_), first_);
  EXPECT_FALSE(fs::exists(next_));
  EXPECT_TRUE(open(StoreUse::run));
}

TEST_F(RekeyCommand, ARuntimeThatWasKilledDoesNotRun) {
  std::ofstream(address_path(config())) << "http://127.0.0.1:1\n";  // nobody listens there
  EXPECT_EQ(run(false), 0);
  EXPECT_NE(said_.find("\"serveRuns\":false"), std::string::npos) << said_;
}

TEST_F(RekeyCommand, PutsANewKeyInTheOldOnesPlace) {
  EXPECT_EQ(run(), 0) << said_;
  expect_done();
}

TEST_F(RekeyCommand, IsRefusedBesideARuntime) {
  const auto store = open(StoreUse::run);
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(bytes_of(key_), first_);
  EXPECT_EQ(asides(), "");
}

TEST_F(RekeyCommand, GoesOnAfterTheKeyWasMade) {
  const auto made = store::load_site_key({{}, {}, next_, true});
  ASSERT_TRUE(made);
  EXPECT_EQ(run(), 0) << said_;
  EXPECT_EQ(bytes_of(key_), made->view());
  expect_done();
}

TEST_F(RekeyCommand, GoesOnAfterTheDatabaseWasChanged) {
  const auto made = store::load_site_key({{}, {}, next_, true});
  ASSERT_TRUE(store::rekey_sqlite(*sqlite_settings(config(), false), *made, "Ada"));
  EXPECT_FALSE(open(StoreUse::run));
  EXPECT_EQ(run(), 0) << said_;
  EXPECT_NE(said_.find("\"sealedAnew\":0"), std::string::npos) << said_;
  EXPECT_EQ(bytes_of(key_), made->view());
  expect_done();
}

TEST_F(RekeyCommand, KeepsTheKeysOfNamesThroughTwoOfThem) {
  const auto names = [&] {
    const auto keys = load_lasting_keys(*open(StoreUse::look), *load_key(config(), false));
    return keys->ids + keys->people + keys->record_names;
  };
  const auto before = names();
  EXPECT_EQ(before.size(), 96u);
  EXPECT_EQ(run(), 0) << said_;
  EXPECT_EQ(names(), before);
  EXPECT_EQ(run(), 0) << said_;
  EXPECT_EQ(names(), before);
}

}  // namespace
}  // namespace meridian::host
