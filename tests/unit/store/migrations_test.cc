// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

const Migration first{1, "0001_first", "CREATE TABLE one (a); INSERT INTO one VALUES (1);"};
const Migration second{2, "0002_second", "CREATE TABLE two (a);"};
const Migration failing{2, "0002_failing", "CREATE TABLE two (a); INSERT INTO nothing VALUES (1);"};

class Migrations : public testing::Test {
 protected:
  Migrations() : db_(*open(folder_.file("db"))) {}

  static Result<std::unique_ptr<Connection>> open(const std::string& path) {
    return Connection::open(path, OpenMode::create, std::chrono::milliseconds(100), "");
  }
  Result<bool> run(std::vector<Migration> migrations) {
    return migrate(*db_, migrations, Instant{});
  }
  std::string what(std::vector<Migration> migrations) {
    const auto done = run(std::move(migrations));
    return done ? "done" : std::string(done.error().what.view());
  }
  bool has_table(const std::string& table) {
    return db_->execute(("SELECT count(*) FROM " + table).c_str()).has_value();
  }

  TestFolder folder_;
  std::unique_ptr<Connection> db_;
};

TEST_F(Migrations, AreAppliedInOrderAndOnce) {
  EXPECT_TRUE(*run({first}));
  EXPECT_FALSE(*run({first}));
  EXPECT_FALSE(has_table("two"));
  EXPECT_FALSE(*run({first, second}));
  EXPECT_TRUE(has_table("two"));
  EXPECT_FALSE(*run({first, second}));
}

TEST_F(Migrations, RefuseANewerDatabase) {
  ASSERT_TRUE(run({first, second}));
  EXPECT_EQ(what({first}),
            "a newer Meridian made this database: install that version or a later one");
}

TEST_F(Migrations, RefuseOneThatWasEdited) {
  ASSERT_TRUE(run({first}));
  auto edited = first;
  edited.sql = "CREATE TABLE one (a, b);";
  EXPECT_EQ(what({edited}), "the database was made by another form of this migration");
  EXPECT_EQ(run({edited}).error().code, ErrorCode::misconfigured);
}

TEST_F(Migrations, RefuseAnotherProgramsDatabase) {
  ASSERT_TRUE(db_->execute("CREATE TABLE theirs (a)"));
  EXPECT_EQ(what({first}), "the file is another program's database");
}

TEST_F(Migrations, LeaveNothingWhenOneFails) {
  ASSERT_TRUE(run({first}));
  EXPECT_FALSE(run({first, failing}));
  EXPECT_FALSE(has_table("two"));
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_EQ(what({first, second}), "done");
}

TEST_F(Migrations, OfThisBuildAreNumberedWithoutGaps) {
  int expected = 1;
  for (const auto& migration : embedded_migrations()) {
    EXPECT_EQ(migration.number, expected++);
    EXPECT_NE(std::string(migration.sql).find("CREATE "), std::string::npos);
  }
  EXPECT_TRUE(*migrate(*db_, embedded_migrations(), Instant{}));
}

}  // namespace
}  // namespace meridian::store
