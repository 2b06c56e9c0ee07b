// SPDX-License-Identifier: Apache-2.0
// New keys for an embedded database: all is there, nothing needs the old key, and a kill at any
// moment leaves the old or the new.
#include "store/rekey.h"

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "store/reseal.h"
#include "store/sqlite.h"
#include "unit/store/rekey_rows.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

class Rekey : public testing::Test {
 protected:
  void fill(int times) {
    const auto store = database_.open();
    for (int i = 0; i < times; ++i) {
      fill_all_kinds(*store, std::to_string(i), database_.clock.now());
    }
  }
  Result<std::int64_t> rekey() { return rekey_sqlite(database_.settings, next_, "Ada"); }
  std::unique_ptr<Connection> db() {
    return std::move(
        *Connection::open(database_.settings.path, OpenMode::write, std::chrono::seconds(5), {}));
  }
  std::int64_t number(const std::string& sql) {
    const Query query{"number", sql.c_str()};
    auto connection = db();
    auto rows = connection->select(query);
    return rows.next() ? rows.integer(0) : -1;
  }
  ErrorCode refusal() {
    const auto opened = database_.try_open();
    return opened ? ErrorCode{} : opened.error().code;
  }

  SqliteDatabase database_;
  const SecretKey next_ = SecretKey::random();
};

TEST_F(Rekey, KeepsEveryRowAndItsIndexes) {
  fill(3);
  std::vector<std::vector<std::string>> before;
  {
    const auto store = database_.open();
    for (const char* mark : {"0", "1", "2"}) before.push_back(read_all_kinds(*store, mark));
  }
  ASSERT_EQ(before[1].size(), 11u);
  const auto sealed = rekey();
  ASSERT_TRUE(sealed) << sealed.error().what.view();
  EXPECT_EQ(*sealed, 3 * 13);
  EXPECT_EQ(refusal(), ErrorCode::misconfigured);

  database_.settings.site_key = next_;
  const auto store = database_.open();
  int i = 0;
  for (const char* mark : {"0", "1", "2"}) EXPECT_EQ(read_all_kinds(*store, mark), before[i++]);
  EXPECT_EQ(take_all_work(*store).size(), 6u);
  EXPECT_EQ(*store->verify_audit(), 4);
  EXPECT_EQ(store->audit(1)->front().event, "Site.rekey");
  EXPECT_EQ(store->audit(1)->front().actor, "Ada");
  EXPECT_TRUE(store->accept(a_message("message 1", "body 1"), {})->repeat);
  fill_all_kinds(*store, "later", database_.clock.now());
  EXPECT_EQ(read_all_kinds(*store, "later").size(), 11u);
}

/// A sealed column that rekey_sqlite does not know keeps the old key's id, and shows here.
TEST_F(Rekey, LeavesNoValueUnderTheOldKey) {
  fill(2);
  ASSERT_TRUE(rekey());
  EXPECT_EQ(number("SELECT count(*) FROM data_keys"), 2);
  EXPECT_EQ(number("SELECT max(id) FROM data_keys"), 3);
  const auto connection = db();
  const Query columns{"columns",
                      "SELECT m.name, p.name FROM sqlite_schema m, pragma_table_info(m.name) p"
                      " WHERE m.type = 'table' AND p.type = 'BLOB'"};
  int looked_at = 0;
  for (auto rows = connection->select(columns); rows.next();) {
    const auto table = rows.text(0);
    const auto column = rows.text(1);
    const std::string old =
        "SELECT count(*) FROM " + table + " WHERE substr(" + column + ", 1, 5) = x'0100000002'";
    EXPECT_EQ(number(old), 0) << table << '.' << column;
    const std::string fresh =
        "SELECT count(*) FROM " + table + " WHERE substr(" + column + ", 1, 5) = x'0100000003'";
    looked_at += number(fresh) > 0 ? 1 : 0;
  }
  EXPECT_EQ(looked_at, static_cast<int>(sqlite_places().size()));
}

TEST_F(Rekey, LeavesNothingOfTheOldBytesInTheFiles) {
  fill(2);
  const Query hidden{"hidden", "SELECT body FROM messages WHERE number = 1"};
  std::string old;
  {
    const auto connection = db();
    auto rows = connection->select(hidden);
    ASSERT_TRUE(rows.next());
    old = rows.text(0);
  }
  ASSERT_TRUE(rekey());
  for (const char* ending : {"", "-wal"}) {
    std::ifstream file(database_.settings.path + ending, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(bytes.find(old), std::string::npos) << ending;
  }
}

TEST_F(Rekey, IsRefusedBesideARuntimeAndWithAnotherKey) {
  fill(1);
  {
    const auto store = database_.open();
    EXPECT_EQ(rekey().error().code, ErrorCode::store_busy);
  }
  auto wrong = database_.settings;
  wrong.site_key = SecretKey::random();
  EXPECT_EQ(rekey_sqlite(wrong, next_, "Ada").error().code, ErrorCode::misconfigured);
  EXPECT_EQ(read_all_kinds(*database_.open(), "0").size(), 11u);
}

TEST_F(Rekey, ChangesNothingWhenAValueIsDamaged) {
  fill(2);
  ASSERT_TRUE(db()->execute("UPDATE facts SET body = x'01' WHERE number = 2"));
  EXPECT_EQ(rekey().error().code, ErrorCode::store_damaged);
  EXPECT_EQ(read_all_kinds(*database_.open(), "0").size(), 11u);
}

/// Killed ever later, until it ends by itself before the kill.
TEST_F(Rekey, IsWhollyDoneOrNotAtAllWhenItIsKilled) {
  fill(12);
  int undone = 0;
  for (auto patience = std::chrono::microseconds(200);; patience += patience / 3) {
    const auto child = ::fork();
    if (child == 0) ::_exit(rekey() ? 0 : 1);
    std::this_thread::sleep_for(patience);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const bool done = refusal() == ErrorCode::misconfigured;
    auto settings = database_.settings;
    if (done) settings.site_key = next_;
    const auto opened = open_sqlite(settings);
    ASSERT_TRUE(opened) << patience.count();
    EXPECT_EQ(read_all_kinds(**opened, "11").size(), 11u);
    EXPECT_EQ(*(*opened)->verify_audit(), done ? 13 : 12);
    if (done) break;
    ++undone;
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself and did nothing";
  }
  EXPECT_GT(undone, 3);
}

}  // namespace
}  // namespace meridian::store
