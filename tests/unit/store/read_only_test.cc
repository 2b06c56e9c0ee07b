// SPDX-License-Identifier: Apache-2.0
// A database that is only read: beside its runtime, without one, and after one that was killed.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

class OnlyReading : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> try_read() { return open_sqlite_to_read(database_.settings); }
  std::unique_ptr<Store> read() { return std::move(*try_read()); }
  std::string what() {
    const auto store = try_read();
    return store ? "opened" : std::string(store.error().what.view());
  }
  void sql(const char* text) {
    auto db = *Connection::open(database_.settings.path, OpenMode::write,
                                std::chrono::milliseconds(1000), "");
    ASSERT_TRUE(db->execute(text));
  }
  bool exists(const char* suffix) {
    return std::filesystem::exists(database_.settings.path + suffix);
  }

  SqliteDatabase database_;
};

TEST_F(OnlyReading, ShowsTheNewestCommitBesideARuntime) {
  auto runtime = database_.open();
  const auto first = a_referral();
  apply(*runtime, new_referral(first));
  auto reader = read();
  EXPECT_EQ((*reader->referral(first.id))->patient_ref, "Patient/1");
  const auto second = a_referral("sending");
  Changes changes = new_referral(second);
  changes.audits.push_back({"PatientRead", "engine", second.id.str(), "success"});
  apply(*runtime, changes);
  const auto rows = *reader->referrals(10);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].state, "sending");
  EXPECT_EQ(reader->counts()->messages, 2);
  EXPECT_EQ(*reader->verify_audit(), 1);
  EXPECT_EQ(reader->audit_head()->signature, runtime->audit_head()->signature);
}

TEST_F(OnlyReading, LeavesTheRuntimeItsLockAndItsWriter) {
  auto runtime = database_.open();
  auto reader = read();
  auto other = read();
  EXPECT_EQ(database_.try_open().error().code, ErrorCode::store_busy);
  reader->close();
  EXPECT_EQ(reader->counts().error().code, ErrorCode::stopping);
  reader.reset();
  apply(*runtime, new_referral(a_referral()));
  runtime.reset();
  auto next = database_.open();  // the second reader does not hold it up
  EXPECT_EQ(other->counts()->referrals, 1);
}

TEST_F(OnlyReading, RefusesWhateverChangesSomething) {
  database_.open()->close();
  auto reader = read();
  EXPECT_EQ(reader->accept(a_message("1"), {}).error().code, ErrorCode::forbidden);
  ErrorCode later{};
  reader->accept_async(a_message("1"), {},
                       [&](const Result<Accepted>& accepted) { later = accepted.error().code; });
  EXPECT_EQ(later, ErrorCode::forbidden);
  const auto lease = std::chrono::milliseconds(1000);
  EXPECT_EQ(reader->claim_work("w", 1, lease).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->finish_work({}, {}).error().code, ErrorCode::forbidden);
  const Error error{ErrorCode::internal, "test", "a try"};
  EXPECT_EQ(reader->return_work({}, {}, false, error).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->revive_work(1).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->keep_facts({}).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->claim_delivery(DestinationId("c"), "s", lease).error().code,
            ErrorCode::forbidden);
  EXPECT_EQ(reader->settle_delivery({}, {}, {}).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->decide_delivery(1, DeliveryState::dead, {}).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->acknowledge_alert("a", "b", {}).error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->set_cursor(SourceId("s"), "n", "v").error().code, ErrorCode::forbidden);
  EXPECT_EQ(reader->counts()->messages, 0);
}

TEST_F(OnlyReading, NeedsNoRuntimeAndLeavesTheFileAsItWas) {
  {
    auto store = database_.open();
    for (int i = 0; i < 5; ++i) apply(*store, new_referral(a_referral()));
  }
  std::filesystem::remove(database_.settings.path + ".lock");
  const auto written = std::filesystem::last_write_time(database_.settings.path);
  EXPECT_EQ(read()->referrals(10)->size(), 5u);
  EXPECT_EQ(std::filesystem::last_write_time(database_.settings.path), written);
  EXPECT_FALSE(exists(".lock"));
  apply(*database_.open(), new_referral(a_referral()));
  EXPECT_EQ(read()->counts()->referrals, 6);
}

TEST_F(OnlyReading, SeesWhatAKilledRuntimeLeftInTheLog) {
  SqliteDatabase killed;
  killed.settings.site_key = database_.settings.site_key;
  auto store = killed.open();
  const auto row = a_referral();
  apply(*store, new_referral(row));
  for (const char* suffix : {"", "-wal"}) {  // as a crash leaves them
    std::filesystem::copy_file(killed.settings.path + suffix, database_.settings.path + suffix);
  }
  EXPECT_TRUE(*read()->referral(row.id));
}

TEST_F(OnlyReading, MakesNothing) {
  EXPECT_EQ(try_read().error().code, ErrorCode::not_found);
  EXPECT_FALSE(exists(""));
  std::ofstream(database_.settings.path).close();
  EXPECT_EQ(what(), "the database is still empty");
  EXPECT_EQ(std::filesystem::file_size(database_.settings.path), 0u);
}

TEST_F(OnlyReading, RefusesWhatItCannotUnderstand) {
  std::ofstream(database_.settings.path).close();
  sql("CREATE TABLE theirs (a)");
  EXPECT_EQ(what(), "the file is another program's database");
  std::ofstream(database_.settings.path) << std::string(10'000, 'x');
  EXPECT_EQ(what(), "the file is not a database");
}

TEST_F(OnlyReading, LeavesAnOlderSchemaForTheNextStart) {
  database_.open()->close();
  sql("DELETE FROM schema_version");
  EXPECT_EQ(what(), "an older Meridian made this database: the next start brings it up to date");
}

TEST_F(OnlyReading, LooksForDamageWhenAsked) {
  database_.open()->close();
  database_.settings.quick_check = true;
  EXPECT_EQ(what(), "opened");
  const auto size = std::filesystem::file_size(database_.settings.path);
  std::filesystem::resize_file(database_.settings.path, size / 2);
  EXPECT_EQ(try_read().error().code, ErrorCode::store_damaged);
}

TEST_F(OnlyReading, NeedsTheSiteKey) {
  database_.open()->close();
  database_.settings.site_key = SecretKey::random();
  EXPECT_EQ(what(), "the site key is not this database's");
}

}  // namespace
}  // namespace meridian::store
