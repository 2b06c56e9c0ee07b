// SPDX-License-Identifier: Apache-2.0
// `meridian referrals` and `check` beside the runtime that has the database open.
#include <filesystem>
#include <fstream>
#include <iostream>

#include <gtest/gtest.h>

#include "host/commands.h"
#include "host/site.h"

namespace meridian::host {

void print_issues(const Issues& issues) {
  for (const auto& issue : issues) std::cerr << issue.path << ": " << issue.text << '\n';
}

namespace {

namespace fs = std::filesystem;

class ListReferrals : public testing::Test {
 protected:
  ListReferrals() {
    fs::create_directories(folder_);
    std::ofstream(file_) << "[site]\nname = \"Tamarack Ridge\"\n";
  }
  ~ListReferrals() override { fs::remove_all(folder_); }

  Config config() const {
    Issues issues;
    return load_config(file_, issues);
  }
  /// What it prints; the exit status goes to status_.
  std::string listed() {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = list_referrals(file_);
    said_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }

  const std::string folder_ = fs::temp_directory_path() / ("meridian-list-" + new_ulid());
  const std::string file_ = folder_ + "/site.toml";
  int status_ = -1;
  std::string said_;
};

TEST_F(ListReferrals, ShowsThemBesideARunningStoreWithoutThePatient) {
  auto runtime = open_site_store(config(), StoreUse::run);
  ASSERT_TRUE(runtime);
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(status_, 0) << said_;

  store::NewMessage message;
  message.id = MessageId(new_ulid());
  message.source = SourceId("hospital");
  message.body = "an order";
  store::ReferralRow row;
  row.id = ReferralId(new_ulid());
  row.order_ref = "ServiceRequest/5";
  row.patient_ref = "Patient/1";
  row.state = "held";
  store::Changes changes;
  changes.referrals.push_back({row, 0});
  ASSERT_TRUE((*runtime)->accept(message, changes));

  const auto lines = listed();
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_NE(lines.find("\"order\":\"ServiceRequest/5\""), std::string::npos) << lines;
  EXPECT_NE(lines.find("\"state\":\"held\""), std::string::npos) << lines;
  EXPECT_EQ(lines.find("Patient/1"), std::string::npos) << lines;
  EXPECT_TRUE(open_site_store(config(), StoreUse::check));
  EXPECT_EQ(open_site_store(config(), StoreUse::run).error().code, ErrorCode::store_busy);
  EXPECT_EQ(listed(), lines);
}

TEST_F(ListReferrals, SaysThatThereIsNoDatabaseAndMakesNone) {
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(status_, 1);
  EXPECT_NE(said_, "");
  EXPECT_FALSE(fs::exists(folder_ + "/meridian.db"));
  EXPECT_FALSE(fs::exists(folder_ + "/meridian.key"));
}

}  // namespace
}  // namespace meridian::host
