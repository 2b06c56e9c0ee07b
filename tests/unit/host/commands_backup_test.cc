// SPDX-License-Identifier: Apache-2.0
// backup, restore, migrate --plan and audit verify, on one folder as the first machine and another
// as the second.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "host/commands.h"
#include "host/site.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Backup : public testing::Test {
 protected:
  Backup() {
    for (const char* machine : {"one", "two"}) {
      fs::create_directories(folder_ / machine);
      std::ofstream(folder_ / machine / "site.toml") << "[site]\nnode = \"" << machine << "\"\n";
    }
    store_ = *open_site_store(config("one"), StoreUse::run);
    fs::copy(folder_ / "one/meridian.key", folder_ / "two/meridian.key");
    add("before");
  }
  ~Backup() override {
    store_.reset();
    fs::remove_all(folder_);
  }

  SiteCommand on(const std::string& machine) const {
    return {.config = folder_ / machine / "site.toml", .by = "Ada"};
  }
  Config config(const std::string& machine) const {
    Issues issues;
    return load_config(on(machine).config, issues);
  }
  void add(const std::string& order) {
    store::ReferralRow row;
    row.id = ReferralId(new_ulid());
    row.order_ref = order;
    store::Changes changes;
    changes.referrals.push_back({row, 0});
    changes.deliveries.push_back(
        {row.id, DestinationId("willow"), "referral", order, "text/plain", "a packet", {}});
    changes.audits.push_back({"PatientRead", "one", row.id.str(), "success"});
    store::NewMessage message;
    message.id = MessageId(new_ulid());
    message.source = SourceId("hospital");
    message.body = order;
    ASSERT_TRUE(store_->accept(message, changes));
  }
  template <typename Run>
  std::string printed(const Run& run) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = run();
    said_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }
  std::string back_up_one() {
    return printed([&] { return back_up(on("one"), file_); });
  }
  std::string restore_to(const std::string& machine, bool force = false) {
    return printed([&] { return restore(on(machine), {.file = file_, .force = force}); });
  }
  std::string listed(const std::string& machine) {
    return printed([&] { return list_referrals(on(machine)); });
  }
  /// Puts another byte at a place of the backup.
  void damage(std::streamoff at) {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(at);
    file.put(byte);
  }

  const fs::path folder_ = fs::temp_directory_path() / ("meridian-backup-" + new_ulid());
  const std::string file_ = folder_ / "site.backup";
  std::unique_ptr<store::Store> store_;
  int status_ = -1;
  std::string said_;
};

TEST_F(Backup, HasWhatWasCommittedBesideTheRunningStoreAndNotTheKey) {
  const auto told = back_up_one();
  ASSERT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(told, R"("referrals":1)")) << told;
  EXPECT_TRUE(has(said_, "site key is not in the backup")) << said_;
  struct stat facts {};
  ASSERT_EQ(::stat(file_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  std::ifstream in(file_, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  EXPECT_FALSE(has(bytes, "a packet"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 3);  // one, two and the backup
  back_up_one();
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "there already")) << said_;
}

TEST_F(Backup, GoesOnAnotherMachineWithWhatIsUncertainMarked) {
  back_up_one();
  add("after");
  const auto told = restore_to("two");
  ASSERT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(told, R"("uncertainDeliveries":1)")) << told;
  EXPECT_TRUE(has(told, R"("auditChains":"one:1 two:0")")) << told;
  EXPECT_TRUE(has(said_, "have the engine send it again")) << said_;
  EXPECT_TRUE(has(listed("two"), "before"));
  EXPECT_FALSE(has(listed("two"), "after"));

  const auto verified = printed([&] { return verify_audit(on("two")); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(verified, R"("whole":true,"entries":2)")) << verified;
  EXPECT_TRUE(has(verified, R"("chainsInBackup":"one:1 two:0")")) << verified;
  auto second = open_site_store(config("two"), StoreUse::run);
  ASSERT_TRUE(second);
  const auto claimed =
      (*second)->claim_delivery(DestinationId("willow"), "two", std::chrono::minutes(1));
  ASSERT_TRUE(claimed && *claimed);
  EXPECT_TRUE((*claimed)->maybe_arrived);
}

TEST_F(Backup, IsNotPutOverADatabaseUnlessForcedAndThenTheOldOneIsKept) {
  back_up_one();
  restore_to("two");
  restore_to("two");
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "--force")) << said_;
  const auto told = restore_to("two", true);
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(told, "meridian.db.before-restore")) << told;
  EXPECT_TRUE(fs::exists(folder_ / "two/meridian.db.before-restore"));
  EXPECT_TRUE(has(listed("two"), "before"));
  restore_to("one", true);
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "another runtime has this database open")) << said_;
}

TEST_F(Backup, IsRefusedWhenItIsDamagedWhereverThatIs) {
  back_up_one();
  const auto size = static_cast<std::streamoff>(fs::file_size(file_));
  for (const std::streamoff at : {std::streamoff{3}, std::streamoff{40}, size / 2, size - 1}) {
    damage(at);
    EXPECT_EQ(restore_to("two"), "") << at;
    EXPECT_EQ(status_, 1) << at;
    EXPECT_FALSE(fs::exists(folder_ / "two/meridian.db")) << at;
    damage(at);
  }
  fs::resize_file(file_, static_cast<std::uintmax_t>(size - 4096));
  restore_to("two");
  EXPECT_EQ(status_, 1);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "two"), {}), 3);  // and the lock
}

TEST_F(Backup, IsRefusedWithAnotherKey) {
  back_up_one();
  fs::remove(folder_ / "two/meridian.key");
  restore_to("two");
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "key")) << said_;
  EXPECT_FALSE(fs::exists(folder_ / "two/meridian.db"));
}

TEST_F(Backup, ADatabaseThatCameBackByOtherMeansIsMarkedInPlace) {
  store_.reset();
  fs::copy(folder_ / "one/meridian.db", folder_ / "two/meridian.db");
  const RestoreCommand given{.in_place = true, .taken_at = "2026-11-20T03:00:00Z"};
  const auto told = printed([&] { return restore(on("two"), given); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(told, R"("from":"2026-11-20T03:00:00.000Z")")) << told;
  EXPECT_TRUE(has(told, R"("uncertainDeliveries":1)")) << told;
}

TEST_F(Backup, APlanSaysWhatAnUpgradeWouldDo) {
  const auto current = printed([&] { return plan_migrations(on("one")); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(current, R"("name":"0001_first","state":"applied")")) << current;
  EXPECT_TRUE(has(current, R"("pending":0)")) << current;
  const auto fresh = printed([&] { return plan_migrations(on("two")); });
  EXPECT_TRUE(has(fresh, R"("state":"pending")")) << fresh << said_;
  printed([&] { return migrate(on("one")); });
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "another runtime")) << said_;
  store_.reset();
  printed([&] { return migrate(on("one")); });
  EXPECT_EQ(status_, 0) << said_;
}

}  // namespace
}  // namespace meridian::host
