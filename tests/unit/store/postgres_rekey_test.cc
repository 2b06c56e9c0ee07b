// SPDX-License-Identifier: Apache-2.0
// New keys for a database on a server.
#include <gtest/gtest.h>

#include "store/rekey.h"
#include "store/reseal.h"
#include "unit/store/postgres_database.h"
#include "unit/store/rekey_rows.h"

namespace meridian::store {
namespace {

class PostgresRekey : public testing::Test {
 protected:
  PostgresDatabase database_;
  const SecretKey next_ = SecretKey::random();
};

TEST_F(PostgresRekey, KeepsEveryRowAndLeavesNoValueUnderTheOldKey) {
  std::vector<std::string> before;
  {
    const auto store = database_.open();
    fill_all_kinds(*store, "0", database_.clock.now());
    fill_all_kinds(*store, "1", database_.clock.now());
    before = read_all_kinds(*store, "1");
    ASSERT_EQ(before.size(), 11u);
  }
  const auto sealed = rekey_postgres(database_.settings, next_, "Ada");
  ASSERT_TRUE(sealed) << sealed.error().what.view();
  EXPECT_EQ(*sealed, 2 * 13);
  EXPECT_EQ(database_.try_open().error().code, ErrorCode::misconfigured);
  database_.settings.site_key = next_;
  const auto store = database_.open();
  EXPECT_EQ(read_all_kinds(*store, "1"), before);
  EXPECT_EQ(*store->verify_audit(), 3);
  EXPECT_EQ(store->audit(1)->front().event, "Site.rekey");
  for (const auto& place : postgres_places()) {
    const auto head = std::string("SELECT count(*) FROM ") + place.table + " WHERE substr(" +
                      std::string(place.column.column) + ", 1, 5) = '\\x01000000";
    EXPECT_EQ(database_.value(head + "02'"), "0") << place.table;
    EXPECT_NE(database_.value(head + "03'"), "0") << place.table;
  }
  EXPECT_EQ(take_all_work(*store).size(), 4u);
}

// Numbers of one and of two digits, and more rows than a page.
TEST_F(PostgresRekey, SealsEachOfManyRowsOnce) {
  {
    const auto store = database_.open();
    for (int i = 0; i < 600; ++i) {
      ASSERT_TRUE(store->set_cursor(SourceId("hospital"), std::to_string(i), "value"));
      ASSERT_TRUE(store->accept(a_message("message " + std::to_string(i), "body"), {}));
    }
  }
  const auto sealed = rekey_postgres(database_.settings, next_, "Ada");
  ASSERT_TRUE(sealed);
  EXPECT_EQ(*sealed, 600 * 3) << "cursor, body and answer";
  database_.settings.site_key = next_;
  const auto store = database_.open();
  for (int i = 0; i < 600; ++i) {
    const auto value = store->cursor(SourceId("hospital"), std::to_string(i));
    ASSERT_TRUE(value && *value == "value") << i;
  }
}

TEST_F(PostgresRekey, IsRefusedWhileAnyNodeIsConnected) {
  database_.open()->close();
  {
    const auto other = database_.open_node("other");
    EXPECT_EQ(rekey_postgres(database_.settings, next_, "Ada").error().code, ErrorCode::store_busy);
  }
  EXPECT_TRUE(rekey_postgres(database_.settings, next_, "Ada"));
}

}  // namespace
}  // namespace meridian::store
