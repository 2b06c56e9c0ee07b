// SPDX-License-Identifier: Apache-2.0
// Bodies by month: where they go, which months go, and how a database of before becomes one.
#include <gtest/gtest.h>

#include "store/postgres/migrations.h"
#include "unit/store/postgres_database.h"

namespace meridian::store {
namespace {

constexpr std::chrono::hours month(31 * 24);

class PostgresMonths : public testing::Test {
 protected:
  std::string months(const std::string& table) {
    return database_.value(
        "SELECT coalesce(string_agg(right(name, 6), ' ' ORDER BY name), '')"
        " FROM body_months('" +
        table + "')");
  }
  std::string rows(const std::string& table) {
    return database_.value("SELECT count(*) FROM " + table);
  }
  /// One step of each kind of walk until it is over.
  std::int64_t prune(Store& store, Instant before) {
    Retention retention;
    retention.messages_before = retention.referrals_before = before;
    retention.ended = {"closed"};
    Pruning walk;
    while (!walk.done) {
      const auto next = store.prune(retention, walk);
      EXPECT_TRUE(next) << next.error().what.view() << " " << next.error().detail;
      if (!next) return -1;
      walk = *next;
    }
    return walk.bodies;
  }
  void say(Store& store, const std::string& sender_id, const Changes& changes = {}) {
    auto message = a_message(sender_id);
    message.received_at = database_.clock.now();
    ASSERT_TRUE(store.accept(message, changes));
  }

  PostgresDatabase database_;
};

TEST_F(PostgresMonths, AreMadeAheadAndDroppedWhole) {
  database_.open()->close();  // takes the test's clock over: 15 January 2027
  auto store = database_.open();
  say(*store, "1");
  EXPECT_NE(months("message_bodies").find("202701 202702"), std::string::npos);
  EXPECT_EQ(rows("message_bodies_m202701"), "1");
  database_.clock.advance(month);
  EXPECT_EQ(prune(*store, Instant{}), 0);  // the walk makes the next one
  EXPECT_NE(months("delivery_bodies").find("202702 202703"), std::string::npos);
  say(*store, "2");
  EXPECT_EQ(rows("message_bodies_m202702"), "1");
  // January is not over for who keeps a month.
  EXPECT_EQ(prune(*store, database_.clock.now() - month), 0);
  database_.clock.advance(month);
  EXPECT_EQ(prune(*store, database_.clock.now() - month), 1);
  EXPECT_EQ(months("message_bodies").find("202701"), std::string::npos);
  EXPECT_EQ(rows("messages"), "2");
  EXPECT_EQ(rows("message_bodies"), "1");
}

TEST_F(PostgresMonths, GiveWhatIsNeededToThePartWithoutAMonth) {
  database_.open()->close();
  auto store = database_.open();
  auto open = a_referral("accepted");
  open.updated_at = database_.clock.now();
  auto message = a_message("order");
  message.received_at = database_.clock.now();
  auto changes = new_referral(open);
  changes.events.push_back({open.id, "surgeon", "1", "ordered", open.updated_at, message.id, "{}"});
  ASSERT_TRUE(store->accept(message, changes));
  say(*store, "other");
  database_.clock.advance(3 * month);
  EXPECT_EQ(prune(*store, database_.clock.now() - month), 1);
  EXPECT_EQ(rows("message_bodies_kept"), "1");
  ASSERT_TRUE(*store->message(message.id));
  EXPECT_EQ((*store->message(message.id))->body, "an order");
  EXPECT_EQ(store->messages_of(open.id)->size(), 1u);
  open.state = "closed";
  changes = {};
  changes.referrals.push_back({open, 1});
  ASSERT_TRUE(store->apply(changes));
  EXPECT_EQ(prune(*store, database_.clock.now() - month), 1);
  EXPECT_FALSE(*store->message(message.id));
}

TEST_F(PostgresMonths, TakeABodyWhateverTheClocksSay) {
  database_.open()->close();
  auto store = database_.open();
  database_.clock.advance(20 * month);  // no walk made that month
  say(*store, "late");
  EXPECT_EQ(rows("message_bodies_kept"), "1");
  // A month of which there are bodies already gets no part, and nothing fails.
  EXPECT_EQ(prune(*store, Instant{}), 0);
  say(*store, "later");
  EXPECT_EQ(rows("message_bodies_kept"), "2");
  database_.clock.advance(2 * month);
  EXPECT_EQ(prune(*store, database_.clock.now() - month), 2);
}

TEST_F(PostgresMonths, ComeToADatabaseThatHadNone) {
  auto& db = database_.db();
  const auto all = postgres_migrations();
  ASSERT_TRUE(postgres::migrate(db, all.first(2), Instant{}));
  database_.sql(
      "INSERT INTO messages VALUES (1, 'm', 'hospital', 's', 't', 5, 0, 'd', 'a', '', 'body');"
      "INSERT INTO facts VALUES (2, 'f', 'r', 't', 5, 'history', 'records');"
      "INSERT INTO deliveries (number, referral, destination, lane, kind, key, media_type,"
      " rests_on_version, came_at, due) VALUES (3, 'r', 'c', 1, 'k', 'k', 't', 1, 5, 5);"
      "INSERT INTO delivery_bodies VALUES (3, 'packet')");
  ASSERT_TRUE(postgres::migrate(db, all, Instant{}));
  EXPECT_EQ(database_.value("SELECT encode(b.body, 'escape') FROM messages m JOIN message_bodies b"
                            " ON b.number = m.number AND b.at = m.body_at"),
            "body");
  EXPECT_EQ(database_.value("SELECT encode(b.history || b.body, 'escape') FROM facts f"
                            " JOIN fact_bodies b ON b.number = f.number AND b.at = f.body_at"),
            "historyrecords");
  EXPECT_EQ(database_.value("SELECT encode(b.body, 'escape') FROM deliveries d"
                            " JOIN delivery_bodies b ON b.number = d.number AND b.at = d.body_at"),
            "packet");
}

}  // namespace
}  // namespace meridian::store
