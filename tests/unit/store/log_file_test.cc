// SPDX-License-Identifier: Apache-2.0
// The layer that gathers what is written to the log: few calls, the same bytes, and failures where
// they are looked for.
#include "store/log_file.h"

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "unit/store/fault_vfs.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

using std::chrono::milliseconds;

class LogFile : public testing::Test {
 protected:
  LogFile() {
    faults_.reset();
    database_.settings.vfs = FaultVfs::name;
  }
  ~LogFile() override { faults_.reset(); }

  /// A connection of its own to a file that nobody else has open.
  std::unique_ptr<Connection> connect(const std::string& vfs, OpenMode mode = OpenMode::create) {
    return std::move(
        *Connection::open(database_.folder.file("own.db"), mode, milliseconds(0), vfs));
  }

  FaultVfs& faults_ = FaultVfs::get();
  SqliteDatabase database_;
};

const Query insert{"insert", "INSERT INTO t (body) VALUES (?1)"};
const Query sum{"sum", "SELECT count(*), sum(length(body)), max(body) FROM t"};

TEST_F(LogFile, TheNameOfTheLayerIsStable) {
  const auto name = with_gathered_log(FaultVfs::name);
  EXPECT_NE(name, FaultVfs::name);
  EXPECT_EQ(with_gathered_log(FaultVfs::name), name);
  EXPECT_NE(with_gathered_log(""), name);
  EXPECT_EQ(with_gathered_log("no such layer"), "no such layer");
}

TEST_F(LogFile, ACommitIsOneWrite) {
  auto store = database_.open();
  ASSERT_TRUE(store->accept(a_message("first"), new_referral(a_referral())));
  const auto before = faults_.writes.load();
  ASSERT_TRUE(store->accept(a_message("second"), new_referral(a_referral())));
  EXPECT_EQ(faults_.writes - before, 1);
}

/// More than the layer keeps, more than the page cache keeps, and pages that are read again before
/// they are written.
TEST_F(LogFile, WhatDoesNotFitIsWrittenInOrder) {
  auto db = connect(with_gathered_log(FaultVfs::name));
  ASSERT_TRUE(
      db->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                  "PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 50;"
                  "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)"));
  auto reader = connect("", OpenMode::read);
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  for (int round = 0; round < 8; ++round) {
    ASSERT_TRUE(db->execute("BEGIN"));
    for (int i = 0; i < 60; ++i) {
      const std::string body(static_cast<std::size_t>(200 + 997 * (i % 9)), char('a' + round));
      ASSERT_TRUE(db->change(insert, body));
      if (i % 20 != 7) continue;
      ASSERT_TRUE(db->execute("UPDATE t SET body = body || 'x' WHERE id % 7 = 3"));
    }
    ASSERT_TRUE(db->execute(round == 5 ? "ROLLBACK" : "COMMIT"));
    auto here = db->select(sum);
    auto there = reader->select(sum);
    ASSERT_TRUE(here.next());
    ASSERT_TRUE(there.next());
    EXPECT_EQ(here.integer(0), there.integer(0));
    EXPECT_EQ(here.integer(1), there.integer(1));
    EXPECT_EQ(here.text(2), there.text(2));
    EXPECT_EQ(here.integer(0) - rows, round == 5 ? 0 : 60);
    EXPECT_GE(here.integer(1), bytes);
    rows = here.integer(0);
    bytes = here.integer(1);
  }
  const Query check{"check", "PRAGMA integrity_check"};
  auto sound = reader->select(check);
  ASSERT_TRUE(sound.next());
  EXPECT_EQ(sound.text(0), "ok");
}

TEST_F(LogFile, ACommitThatIsLeftToTheSystemIsSeenAtOnceAndSyncedByTheNext) {
  auto db = connect(with_gathered_log(FaultVfs::name));
  ASSERT_TRUE(
      db->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                  "PRAGMA wal_autocheckpoint = 0;"
                  "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)"));
  auto other = connect("", OpenMode::read);
  const auto seen = [&] {
    auto rows = other->select(sum);
    return rows.next() ? rows.integer(0) : -1;
  };
  const auto syncs_of_insert = [&] {
    const auto before = faults_.syncs.load();
    EXPECT_TRUE(db->change(insert, "row"));
    return faults_.syncs - before;
  };
  leave_log_to_system(db->handle(), true);
  EXPECT_EQ(syncs_of_insert(), 0);
  EXPECT_EQ(seen(), 1);
  leave_log_to_system(db->handle(), false);
  EXPECT_EQ(syncs_of_insert(), 1);
  ASSERT_TRUE(db->execute("PRAGMA wal_checkpoint(RESTART)"));
  leave_log_to_system(db->handle(), true);
  EXPECT_EQ(syncs_of_insert(), 1) << "the log begins anew: its head must not be behind its pages";
  EXPECT_EQ(syncs_of_insert(), 0);
  EXPECT_EQ(seen(), 4);
}

TEST_F(LogFile, AClaimAndFactsWaitForTheDecisionThatRestsOnThem) {
  auto store = database_.open();
  const auto row = a_referral();
  auto changes = new_referral(row);
  changes.works.push_back({"assess", row.id, database_.settings.clock(), "{}", ""});
  ASSERT_TRUE(store->accept(a_message("order"), changes));
  const auto before = faults_.syncs.load();
  const auto items = store->claim_work("node", 1, std::chrono::minutes(1));
  ASSERT_TRUE(items);
  ASSERT_EQ(items->size(), 1U);
  const auto facts = store->keep_facts({row.id, "text/plain", "facts", "[]", Instant{}});
  ASSERT_TRUE(facts);
  ASSERT_TRUE(*store->facts(*facts));
  EXPECT_EQ(faults_.syncs, before);
  ASSERT_TRUE(store->finish_work(items->front(), {}));
  EXPECT_EQ(faults_.syncs, before + 1);
}

TEST_F(LogFile, AWriteThatFailsFailsItsCommit) {
  auto db = connect(with_gathered_log(FaultVfs::name));
  ASSERT_TRUE(
      db->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                  "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);"
                  "INSERT INTO t (body) VALUES ('kept')"));
  for (const auto* cause : {"write", "sync"}) {
    (cause[0] == 'w' ? faults_.fail_write : faults_.fail_sync) = 1;
    EXPECT_FALSE(db->change(insert, "lost")) << cause;
    faults_.reset();
  }
  faults_.room = 0;
  EXPECT_FALSE(db->change(insert, std::string(100'000, 'f'))) << "full";
  faults_.reset();
  auto other = connect("", OpenMode::read);
  auto rows = other->select(sum);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 1);
  EXPECT_EQ(rows.text(2), "kept");
}

}  // namespace
}  // namespace meridian::store
