// SPDX-License-Identifier: Apache-2.0
// No patient data stands in the files, and none opens in another place than its own.
#include <fstream>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Secrecy : public testing::Test {
 protected:
  /// Text that must not be found, in a row of its own kind.
  std::string canary(const std::string& what) {
    canaries_.push_back("Canary-" + what + "-Aurelio-Brandvold-1957");
    return canaries_.back();
  }
  std::string json(const std::string& what) { return "{\"x\":\"" + canary(what) + "\"}"; }

  NewMessage message() {
    auto message = a_message("plain-sender-id", json("body"));
    message.answer = json("answer");
    message.quarantined = true;
    message.issues.push_back({Severity::error, "value", canary("path"), canary("issue")});
    return message;
  }

  PersonRow person() {
    PersonRow row;
    row.id = "plain-person";
    row.state = "plain-active";
    row.name = canary("name");
    row.email = canary("email");
    row.current = {canary("password"), canary("key"), canary("recovery")};
    row.proposed = {canary("later password"), canary("later key"), ""};
    return row;
  }

  Changes everything(const MessageId& id) {
    auto row = a_referral("plain-state");
    row.order_ref = canary("order");
    row.patient_ref = canary("patient");
    row.assessment = json("assessment");
    row.decision = json("decision");
    auto changes = new_referral(row);
    const auto now = database_.clock.now();
    changes.events.push_back({row.id, "clinic", "1", "accepted", now, id, json("detail")});
    changes.aliases.push_back({"patient", canary("alias"), row.id, true});
    auto work = some_work(row.id, now, "plain-key");
    work.detail = json("work");
    changes.works.push_back(work);
    auto delivery = a_delivery(row.id, "plain-clinic", now);
    delivery.body = json("delivery");
    changes.deliveries.push_back(delivery);
    changes.people.push_back(person());
    return changes;
  }

  /// Every way a row goes, each with canaries in it.
  void live(Store& store) {
    const auto first = message();
    const auto changes = everything(first.id);
    ASSERT_TRUE(store.accept(first, changes));
    auto row = changes.referrals[0].row;
    row.patient_ref = canary("patient later");
    Changes later;
    later.referrals.push_back({row, 1});
    const auto work = *store.claim_work("worker", 1, std::chrono::minutes(1));
    ASSERT_TRUE(store.keep_facts({row.id, "fhir", json("facts"), json("history"), row.created_at}));
    ASSERT_TRUE(store.finish_work(work.at(0), later));
    const auto delivery =
        *store.claim_delivery(DestinationId("plain-clinic"), "sender", std::chrono::minutes(1));
    Settlement settlement;
    settlement.receipt = canary("receipt");
    ASSERT_TRUE(store.settle_delivery(*delivery, settlement, {}));
    ASSERT_TRUE(store.set_cursor(SourceId("hospital"), "orders", canary("cursor")));
  }

  void expect_no_canary(const std::string& bytes, const char* file) {
    for (const auto& text : canaries_) {
      EXPECT_EQ(bytes.find(text), std::string::npos) << text << " in " << file;
    }
    EXPECT_EQ(bytes.find("Brandvold"), std::string::npos) << file;
  }

  SqliteDatabase database_;
  std::vector<std::string> canaries_;
};

TEST_F(Secrecy, LeavesNoPatientDataInAnyFile) {
  auto store = database_.open();
  live(*store);
  const auto& path = database_.settings.path;
  // While it runs the rows are in the log, and after closing in the database.
  const auto log = content_of(path + "-wal");
  EXPECT_NE(log.find("plain-state"), std::string::npos);
  expect_no_canary(log, "the log");
  expect_no_canary(content_of(path + "-shm"), "the shared memory");
  store->close();
  store.reset();
  const auto data = content_of(path);
  EXPECT_NE(data.find("plain-state"), std::string::npos);
  EXPECT_NE(data.find("plain-clinic"), std::string::npos);
  expect_no_canary(data, "the database");
  EXPECT_EQ(data.find(database_.settings.site_key.view()), std::string::npos);
}

TEST_F(Secrecy, ShowsNothingOfABodyThatWasMovedToAnotherRow) {
  auto store = database_.open();
  const auto one = a_message("1", "the first body");
  const auto two = a_message("2", "the other body");
  ASSERT_TRUE(store->accept(one, {}));
  ASSERT_TRUE(store->accept(two, {}));
  store.reset();
  auto db = *Connection::open(database_.settings.path, OpenMode::write,
                              std::chrono::milliseconds(100), "");
  ASSERT_TRUE(
      db->execute("UPDATE messages SET body = (SELECT body FROM messages WHERE number = 2)"
                  " WHERE number = 1"));
  db.reset();
  store = database_.open();
  EXPECT_EQ(store->message(one.id).error().code, ErrorCode::store_damaged);
  EXPECT_EQ((*store->message(two.id))->body, "the other body");
}

TEST_F(Secrecy, TakesADamagedRowOutOfTheLineSoThatOthersPass) {
  auto store = database_.open();
  const auto now = database_.clock.now();
  Changes changes;
  changes.deliveries = {a_delivery(ReferralId("R1"), "clinic", now),
                        a_delivery(ReferralId("R1"), "clinic", now)};
  changes.works = {some_work({}, now), some_work({}, now)};
  apply(*store, changes);
  store.reset();
  auto db = *Connection::open(database_.settings.path, OpenMode::write,
                              std::chrono::milliseconds(100), "");
  ASSERT_TRUE(
      db->execute("UPDATE delivery_bodies SET body = x'0102' WHERE number = 1;"
                  "UPDATE works SET detail = x'0102' WHERE number = 1"));
  db.reset();
  store = database_.open();
  const auto claimed =
      *store->claim_delivery(DestinationId("clinic"), "sender", std::chrono::minutes(1));
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->number, 2);
  EXPECT_EQ(store->counts()->dead, 1);
  const auto work = *store->claim_work("worker", 5, std::chrono::minutes(1));
  ASSERT_EQ(work.size(), 1u);
  EXPECT_EQ(work[0].number, 2);
  EXPECT_EQ(store->dead_work(5)->at(0).error, "store_damaged");
}

}  // namespace
}  // namespace meridian::store
