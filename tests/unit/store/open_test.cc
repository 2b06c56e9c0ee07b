// SPDX-License-Identifier: Apache-2.0
// Opening: what is refused, and that it says why.
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

class Opening : public testing::Test {
 protected:
  ErrorCode code() {
    const auto store = database_.try_open();
    return store ? ErrorCode{} : store.error().code;
  }
  std::string what() {
    const auto store = database_.try_open();
    return store ? "opened" : std::string(store.error().what.view());
  }
  /// A database with a few pages of content, closed.
  void fill() {
    auto store = database_.open();
    for (int i = 0; i < 50; ++i) {
      auto changes = new_referral(a_referral());
      changes.audits.push_back({"PatientRead", "engine", "x", "success"});
      ASSERT_TRUE(store->accept(a_message(new_ulid(), std::string(2000, 'b')), changes));
    }
  }
  void overwrite(std::int64_t at, const std::string& bytes) {
    std::fstream file(database_.settings.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
  }
  std::int64_t root_page(const char* table) {
    const Query query{"root_page", "SELECT rootpage FROM sqlite_schema WHERE name = ?1"};
    auto db = *Connection::open(database_.settings.path, OpenMode::write,
                                std::chrono::milliseconds(1000), "");
    auto rows = db->select(query, table);
    return rows.next() ? rows.integer(0) : 0;
  }
  void sql(const char* text) {
    auto db = Connection::open(database_.settings.path, OpenMode::write,
                               std::chrono::milliseconds(1000), "");
    ASSERT_TRUE(db);
    ASSERT_TRUE((*db)->execute(text));
  }

  SqliteDatabase database_;
};

TEST_F(Opening, MakesADatabaseOnlyWhenAsked) {
  database_.settings.create = false;
  EXPECT_EQ(code(), ErrorCode::not_found);
  database_.settings.create = true;
  EXPECT_EQ(what(), "opened");
  database_.settings.create = false;
  EXPECT_EQ(what(), "opened");
}

TEST_F(Opening, LetsNobodyElseReadTheFiles) {
  auto store = database_.open();
  for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((database_.settings.path + suffix).c_str(), &facts), 0) << suffix;
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(Opening, RefusesASecondRuntimeUntilTheFirstIsGone) {
  auto first = database_.open();
  EXPECT_EQ(code(), ErrorCode::store_busy);
  EXPECT_EQ(what(), "another runtime has this database open");
  first->close();
  first.reset();
  EXPECT_EQ(what(), "opened");
}

TEST_F(Opening, RefusesAnotherSiteKey) {
  fill();
  const auto right = database_.settings.site_key;
  database_.settings.site_key = SecretKey::random();
  EXPECT_EQ(code(), ErrorCode::misconfigured);
  EXPECT_EQ(what(), "the site key is not this database's");
  database_.settings.site_key = right;
  EXPECT_EQ(what(), "opened");
}

TEST_F(Opening, RefusesANewerSchema) {
  fill();
  sql("INSERT INTO schema_version VALUES (99, '0099_later', x'00', 0)");
  EXPECT_EQ(code(), ErrorCode::misconfigured);
}

TEST_F(Opening, RefusesAnotherProgramsDatabase) {
  std::ofstream(database_.settings.path).close();
  sql("CREATE TABLE theirs (a)");
  EXPECT_EQ(what(), "the file is another program's database");
}

TEST_F(Opening, RefusesAFileThatIsNoDatabase) {
  std::ofstream(database_.settings.path) << std::string(10'000, 'x');
  EXPECT_EQ(code(), ErrorCode::store_damaged);
  EXPECT_EQ(what(), "the file is not a database");
}

TEST_F(Opening, FindsEverythingInTheOneFileAfterAnOrderlyEnd) {
  fill();
  struct stat facts {};
  EXPECT_NE(::stat((database_.settings.path + "-wal").c_str(), &facts), 0);
  EXPECT_EQ(database_.open()->counts()->messages, 50);
}

TEST_F(Opening, RefusesADamagedHeader) {
  fill();
  overwrite(0, "not SQLite");
  EXPECT_EQ(code(), ErrorCode::store_damaged);
}

TEST_F(Opening, FindsADamagedPageOfAnyTableWhenAskedToLook) {
  for (const char* table : {"messages", "referrals", "works", "audit"}) {
    SqliteDatabase fresh;
    std::swap(database_.settings, fresh.settings);
    fill();
    overwrite((root_page(table) - 1) * 4096, std::string(4096, '\x5a'));
    database_.settings.quick_check = true;
    EXPECT_EQ(code(), ErrorCode::store_damaged) << table;
    std::swap(database_.settings, fresh.settings);
  }
}

TEST_F(Opening, FindsThatTheEndOfTheFileIsMissingWhenAskedToLook) {
  fill();
  const auto size = std::filesystem::file_size(database_.settings.path);
  std::filesystem::resize_file(database_.settings.path, size / 8192 * 4096);
  database_.settings.quick_check = true;
  EXPECT_EQ(code(), ErrorCode::store_damaged);
}

TEST_F(Opening, LooksAndFindsNothingInASoundDatabase) {
  fill();
  database_.settings.quick_check = true;
  EXPECT_EQ(what(), "opened");
}

TEST_F(Opening, NeedsItsKeys) {
  fill();
  sql("DELETE FROM data_keys WHERE purpose = 'derive'");
  EXPECT_EQ(what(), "the data keys are missing");
}

TEST_F(Opening, BeginsAChainForANewNodeAndKeepsTheOld) {
  fill();
  database_.settings.node = "second";
  auto store = database_.open();
  EXPECT_EQ(store->audit_head()->count, 0);
  Changes changes;
  changes.audits.push_back({"PatientRead", "engine", "x", "success"});
  apply(*store, changes);
  EXPECT_EQ(*store->verify_audit(), 51);
}

/// Each is what somebody might do to the audit; all of it has to show.
TEST_F(Opening, ShowsWhateverWasDoneToTheAudit) {
  const struct {
    const char* deed;
    std::int64_t first_bad;
  } deeds[] = {
      {"UPDATE audit SET object = 'y' WHERE number = 7", 7},
      {"UPDATE audit SET at = at + 1 WHERE number = 50", 50},
      {"UPDATE audit SET mac = zeroblob(32) WHERE number = 3", 3},
      {"DELETE FROM audit WHERE number = 20", 20},
      {"DELETE FROM audit WHERE number > 45", 46},
      {"DELETE FROM audit WHERE number > 45; UPDATE audit_heads SET count = 45, mac ="
       " (SELECT mac FROM audit WHERE number = 45)",
       46},
      {"UPDATE audit SET number = 99 WHERE number = 10; UPDATE audit SET number = 10 WHERE number"
       " = 11; UPDATE audit SET number = 11 WHERE number = 99",
       10},
      {"UPDATE audit SET node = 'other' WHERE number = 50", 50},
      {"UPDATE audit SET node = 'another' WHERE number = 20", 20},
      {"INSERT INTO audit SELECT 'other', number, at, event, actor, object, outcome, mac FROM audit"
       " WHERE number = 9",
       9},
      {"DELETE FROM audit_heads", 1},
      {"DELETE FROM audit; DELETE FROM audit_heads", 1},
      {"INSERT INTO audit SELECT node, 51, at, event, actor, object, outcome, mac FROM audit WHERE"
       " number = 50",
       51},
  };
  for (const auto& deed : deeds) {
    SqliteDatabase fresh;
    std::swap(database_.settings, fresh.settings);
    fill();
    sql(deed.deed);
    const auto verified = database_.open()->verify_audit();
    ASSERT_FALSE(verified) << deed.deed;
    EXPECT_EQ(verified.error().code, ErrorCode::store_damaged);
    EXPECT_EQ(verified.error().detail, deed.first_bad) << deed.deed;
    std::swap(database_.settings, fresh.settings);
  }
}

}  // namespace
}  // namespace meridian::store
