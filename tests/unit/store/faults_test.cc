// SPDX-License-Identifier: Apache-2.0
// Disks that are full, fail or are held by another program. The rule in each case: what was
// acknowledged is there after the next start, the audit fits, and the error says what happened.
#include <set>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "unit/store/fault_vfs.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

class Faults : public testing::Test {
 protected:
  Faults() {
    faults_.reset();
    database_.settings.vfs = FaultVfs::name;
  }
  ~Faults() override { faults_.reset(); }

  /// One message with a referral and an audit entry; remembers it when it was acknowledged.
  Result<Accepted> accept(Store& store) {
    const auto message = a_message(new_ulid(), std::string(3000, 'b'));
    const auto row = a_referral();
    auto changes = new_referral(row);
    changes.audits.push_back({"PatientRead", "engine", row.id.str(), "success"});
    auto accepted = store.accept(message, changes);
    if (accepted) acknowledged_.insert(message.id);
    return accepted;
  }

  /// Opens without faults and looks for all that was acknowledged.
  void expect_all_there() {
    faults_.reset();
    database_.settings.quick_check = true;
    auto store = database_.open();
    for (const auto& id : acknowledged_) EXPECT_TRUE(*store->message(id)) << id.str();
    const auto counts = *store->counts();
    EXPECT_EQ(counts.messages, counts.referrals);
    EXPECT_EQ(*store->verify_audit(), counts.messages);
    EXPECT_GE(counts.messages, static_cast<std::int64_t>(acknowledged_.size()));
    EXPECT_TRUE(accept(*store));
  }

  FaultVfs& faults_ = FaultVfs::get();
  SqliteDatabase database_;
  std::set<MessageId> acknowledged_;
};

TEST_F(Faults, RefuseWhenTheDiskIsFullAndGoOnWhenItIsNot) {
  auto store = database_.open();
  ASSERT_TRUE(accept(*store));
  faults_.room = 40'000;
  ErrorCode code{};
  for (int i = 0; i < 50 && code == ErrorCode{}; ++i) {
    const auto accepted = accept(*store);
    if (!accepted) code = accepted.error().code;
  }
  EXPECT_EQ(code, ErrorCode::store_full);
  EXPECT_EQ(store->counts()->messages, static_cast<std::int64_t>(acknowledged_.size()));
  faults_.room = -1;
  EXPECT_TRUE(accept(*store));
  store.reset();
  expect_all_there();
}

TEST_F(Faults, RefuseToOpenOnAFullDisk) {
  faults_.room = 5'000;
  const auto store = database_.try_open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::store_full);
  expect_all_there();
}

TEST_F(Faults, WriteNothingMoreAfterAFailedSync) {
  auto store = database_.open();
  ASSERT_TRUE(accept(*store));
  faults_.fail_sync = 1;
  EXPECT_EQ(accept(*store).error().code, ErrorCode::store_failed);
  const auto writes = faults_.writes.load();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(accept(*store).error().code, ErrorCode::store_failed);
  }
  EXPECT_EQ(faults_.writes, writes);
  EXPECT_TRUE(*store->message(*acknowledged_.begin()));
  store.reset();
  expect_all_there();
}

/// From here on: each write and each sync of a short life fails once.
TEST_F(Faults, LoseNothingAtWhicheverWriteTheDiskFails) {
  int failed = 0;
  for (int n = 1;; ++n) {
    SqliteDatabase fresh;
    std::swap(fresh.settings, database_.settings);
    database_.settings.vfs = FaultVfs::name;
    database_.settings.log_pages = 30;
    acknowledged_.clear();
    faults_.reset();
    faults_.fail_write = n;
    if (auto store = database_.try_open()) {
      for (int i = 0; i < 10; ++i) (void)accept(**store);
      (*store)->close();
    }
    const bool reached = faults_.fail_write <= 0;
    expect_all_there();
    std::swap(fresh.settings, database_.settings);
    if (!reached) break;
    ++failed;
    n += n / 8;  // every one of the first, then fewer
  }
  EXPECT_GT(failed, 20);
}

TEST_F(Faults, LoseNothingAtWhicheverSyncTheDiskFails) {
  int failed = 0;
  for (int n = 1;; ++n) {
    SqliteDatabase fresh;
    std::swap(fresh.settings, database_.settings);
    database_.settings.vfs = FaultVfs::name;
    acknowledged_.clear();
    faults_.reset();
    faults_.fail_sync = n;
    if (auto store = database_.try_open()) {
      for (int i = 0; i < 4; ++i) (void)accept(**store);
      (*store)->close();
    }
    const bool reached = faults_.fail_sync <= 0;
    expect_all_there();
    std::swap(fresh.settings, database_.settings);
    if (!reached) break;
    ++failed;
  }
  EXPECT_GE(failed, 6);
}

TEST_F(Faults, WaitForAnotherProgramAndThenSaySo) {
  database_.settings.busy_timeout = std::chrono::milliseconds(20);
  auto store = database_.open();
  auto other = *Connection::open(database_.settings.path, OpenMode::write,
                                 std::chrono::milliseconds(100), "");
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  EXPECT_EQ(accept(*store).error().code, ErrorCode::store_busy);
  EXPECT_TRUE(store->counts());
  ASSERT_TRUE(other->execute("ROLLBACK"));
  EXPECT_TRUE(accept(*store));
}

TEST_F(Faults, RefuseToOpenWhatAnotherProgramHolds) {
  database_.settings.busy_timeout = std::chrono::milliseconds(20);
  database_.open()->close();
  auto other = *Connection::open(database_.settings.path, OpenMode::write,
                                 std::chrono::milliseconds(100), "");
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  EXPECT_EQ(database_.try_open().error().code, ErrorCode::store_busy);
}

TEST_F(Faults, StopWritingToADamagedDatabase) {
  auto store = database_.open();
  ASSERT_TRUE(accept(*store));
  store.reset();
  auto db = *Connection::open(database_.settings.path, OpenMode::write,
                              std::chrono::milliseconds(100), "");
  // Points the index at a page that is no index page.
  ASSERT_TRUE(sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr) == SQLITE_OK);
  ASSERT_TRUE(
      db->execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage ="
                  " (SELECT rootpage FROM sqlite_schema WHERE name = 'messages')"
                  " WHERE name = 'messages_by_key'"));
  db.reset();
  store = database_.open();
  EXPECT_EQ(accept(*store).error().code, ErrorCode::store_damaged);
  EXPECT_EQ(accept(*store).error().code, ErrorCode::store_damaged);
  EXPECT_EQ(store->set_cursor(SourceId("s"), "n", "v").error().code, ErrorCode::store_damaged);
}

}  // namespace
}  // namespace meridian::store
