// SPDX-License-Identifier: Apache-2.0
// What opening a database on PostgreSQL accepts and refuses; reading beside a runtime; secrecy.
#include <gtest/gtest.h>

#include "unit/store/postgres_database.h"

namespace meridian::store {
namespace {

class PostgresOpen : public testing::Test {
 protected:
  std::string what() {
    const auto store = database_.try_open();
    return store ? "opened" : std::string(store.error().what.view());
  }
  Result<std::unique_ptr<Store>> try_read() { return open_postgres_to_read(database_.settings); }
  std::string what_to_read() {
    const auto store = try_read();
    return store ? "opened" : std::string(store.error().what.view());
  }

  PostgresDatabase database_;
};

TEST_F(PostgresOpen, RefusesAnotherSiteKey) {
  database_.open()->close();
  database_.settings.site_key = SecretKey::random();
  EXPECT_EQ(what(), "the site key is not this database's");
  EXPECT_EQ(what_to_read(), "the site key is not this database's");
}

TEST_F(PostgresOpen, RefusesWhatItCannotUnderstand) {
  database_.sql("CREATE TABLE theirs (a bigint)");
  EXPECT_EQ(what(), "the schema has another program's tables in it");
}

TEST_F(PostgresOpen, RefusesANewerAndAnEditedSchema) {
  database_.open()->close();
  database_.sql("INSERT INTO schema_version VALUES (99, '0099_later', 'x', 0)");
  EXPECT_EQ(what(), "a newer Meridian made this database: install that version or a later one");
  database_.sql("DELETE FROM schema_version WHERE version = 99");
  EXPECT_EQ(what(), "opened");
  database_.sql("UPDATE schema_version SET checksum = 'x'");
  EXPECT_EQ(what(), "the database was made by another form of this migration");
}

TEST_F(PostgresOpen, SaysWhatIsWrongWithTheUrl) {
  database_.settings.url = "postgresql://meridian@127.0.0.1:1/postgres";
  EXPECT_EQ(database_.try_open().error().code, ErrorCode::store_failed);
  database_.settings.url = "postgresql://meridian@127.0.0.1:no";
  EXPECT_EQ(database_.try_open().error().code, ErrorCode::misconfigured);
  database_.settings.url = postgres_url() + "?options=-csearch_path%3Dnowhere";
  EXPECT_EQ(what(), "search_path names no schema that is there");
  database_.settings.url = postgres_url() + "_no_such_database";
  EXPECT_EQ(database_.try_open().error().code, ErrorCode::misconfigured);
}

TEST_F(PostgresOpen, SyncsEvenWhereTheDatabaseSaysOtherwise) {
  database_.settings.url += "%20-csynchronous_commit%3Doff";
  auto store = database_.open();
  apply(*store, new_referral(a_referral()));
  auto connect = postgres::ConnectSettings{database_.settings.url, "test", false};
  auto db = *postgres::Connection::open(connect);
  auto rows = db->script("SHOW synchronous_commit");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), "on");
}

TEST_F(PostgresOpen, NeedsNoRightToMakeTablesOnceTheyAreThere) {
  const std::string role = "r" + database_.value("SELECT current_schema()");
  database_.sql("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA " +
                database_.value("SELECT current_schema()") + " TO " + role);
  const auto owner = database_.settings.url;
  auto guest = owner;
  guest.replace(guest.find("//meridian@"), 11, "//" + role + "@");
  database_.settings.url = guest;
  EXPECT_EQ(what(), "the database user may not make tables in this schema");
  database_.settings.url = owner;
  database_.open()->close();
  database_.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " +
                database_.value("SELECT current_schema()") + " TO " + role +
                ";GRANT USAGE ON ALL "
                "SEQUENCES IN SCHEMA " +
                database_.value("SELECT current_schema()") + " TO " + role);
  database_.settings.url = guest;
  EXPECT_EQ(what(), "the database user lacks a right") << "to make parts, and to drop them";
  database_.settings.url = owner;
  database_.sql("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA " +
                database_.value("SELECT current_schema()") + " TO " + role);
  database_.settings.url = guest;
  {
    auto store = database_.open();
    apply(*store, new_referral(a_referral()));
  }
  database_.settings.url = owner;
  database_.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_F(PostgresOpen, TakesTheServerThatIsTheWriterOfSeveral) {
  auto& url = database_.settings.url;
  const auto host = url.find("@127.0.0.1:") + 1;
  const auto end = url.find('/', host);
  url.insert(end, "," + url.substr(host, end - host));
  url.replace(host, end - host, "127.0.0.1:1");  // nobody is there
  url += "&target_session_attrs=read-write";
  auto store = database_.open();
  apply(*store, new_referral(a_referral()));
}

TEST_F(PostgresOpen, ReadsBesideARuntimeAndChangesNothing) {
  EXPECT_EQ(try_read().error().code, ErrorCode::not_found);
  auto runtime = database_.open();
  auto reader = std::move(*try_read());
  const auto row = a_referral();
  apply(*runtime, new_referral(row));
  EXPECT_EQ((*reader->referral(row.id))->patient_ref, "Patient/1");
  EXPECT_EQ(reader->accept(a_message("1"), {}).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->hold_lease("l", "o", std::chrono::minutes(1)).error().code,
            ErrorCode::forbidden);
  EXPECT_EQ(*reader->verify_audit(), 0);
  reader->close();
  EXPECT_EQ(reader->counts().error().code, ErrorCode::stopping);
  apply(*runtime, new_referral(a_referral()));
}

TEST_F(PostgresOpen, RefusesTextThatIsNoTextAndGoesOn) {
  auto store = database_.open();
  EXPECT_EQ(store->accept(a_message(std::string("a\0b", 3)), {}).error().code, ErrorCode::invalid);
  EXPECT_EQ(store->accept(a_message("\xff"), {}).error().code, ErrorCode::invalid);
  EXPECT_TRUE(store->accept(a_message("caf\xc3\xa9"), new_referral(a_referral())));
}

/// Every column of every row of the schema as text.
std::string everything(PostgresDatabase& database) {
  return database.value(
      "SELECT string_agg(query_to_xml(format('SELECT * FROM %I', tablename), true, false,"
      " '')::text, '') FROM pg_tables WHERE schemaname = current_schema()");
}

TEST_F(PostgresOpen, LeavesNoPatientDataInAnyColumn) {
  auto store = database_.open();
  const std::string canary = "Canary-Aurelio-Brandvold-1957";
  auto message = a_message("plain-sender", canary);
  message.answer = canary;
  message.quarantined = true;
  message.issues.push_back({Severity::error, "value", canary, canary});
  auto row = a_referral("plain-state");
  row.order_ref = row.patient_ref = row.assessment = row.decision = canary;
  auto changes = new_referral(row);
  const auto now = database_.clock.now();
  changes.events.push_back({row.id, "clinic", "1", "accepted", now, message.id, canary});
  changes.aliases.push_back({"patient", canary, row.id, true});
  changes.works.push_back(some_work(row.id, now));
  changes.works.back().detail = canary;
  changes.deliveries.push_back(a_delivery(row.id, "clinic", now));
  changes.deliveries.back().body = canary;
  ASSERT_TRUE(store->accept(message, changes));
  ASSERT_TRUE(store->keep_facts({row.id, "fhir", canary, canary, now}));
  ASSERT_TRUE(store->set_cursor(SourceId("hospital"), "orders", canary));
  const auto claimed =
      *store->claim_delivery(DestinationId("clinic"), "s", std::chrono::minutes(1));
  ASSERT_TRUE(
      store->settle_delivery(*claimed, {DeliveryState::delivered, {}, canary, "", false}, {}));
  const auto text = everything(database_);
  EXPECT_NE(text.find("plain-state"), std::string::npos);
  EXPECT_NE(text.find("plain-sender"), std::string::npos);
  EXPECT_EQ(text.find("Brandvold"), std::string::npos);
  // bytea is shown as base 64 there: the sealed bytes themselves.
  EXPECT_EQ(database_.value("SELECT count(*) FROM messages m JOIN message_bodies b USING (number)"
                            " WHERE position('Brandvold'::bytea IN body)"
                            " + position('Brandvold'::bytea IN answer) > 0"),
            "0");
}

TEST_F(PostgresOpen, TakesADamagedRowOutOfTheLineSoThatOthersPass) {
  auto store = database_.open();
  const auto now = database_.clock.now();
  Changes changes;
  changes.deliveries = {a_delivery(ReferralId("R1"), "clinic", now),
                        a_delivery(ReferralId("R1"), "clinic", now)};
  changes.works = {some_work({}, now), some_work({}, now)};
  apply(*store, changes);
  database_.sql(
      "UPDATE delivery_bodies SET body = '\\x0102' WHERE number = 1;"
      "UPDATE works SET detail = '\\x0102' WHERE number ="
      " (SELECT min(number) FROM works)");
  const auto minute = std::chrono::minutes(1);
  const auto claimed = *store->claim_delivery(DestinationId("clinic"), "sender", minute);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->number, 2);
  EXPECT_EQ(store->counts()->dead, 1);
  EXPECT_EQ(store->claim_work("worker", 1, minute)->size(), 1u);
  EXPECT_EQ(store->dead_work(5)->at(0).error, "store_damaged");
}

}  // namespace
}  // namespace meridian::store
