// SPDX-License-Identifier: Apache-2.0
// One row of the audit that was changed, removed, added or cut off is found, at whatever position.
#include <gtest/gtest.h>

#include "store/audit_walk.h"
#include "store/sqlite.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

constexpr int entries = 9;

/// Two chains, of which the second is tampered with.
class AuditPositions : public testing::Test {
 protected:
  AuditPositions() {
    for (const char* node : {"first", "second"}) {
      database_.settings.node = node;
      const auto store = database_.open();
      for (int i = 0; i < entries; ++i) {
        Changes changes;
        changes.audits.push_back({"PatientRead", "engine", std::to_string(i), "success"});
        EXPECT_TRUE(store->apply(changes));
      }
    }
  }

  /// What is found after `sql`, which is undone by putting back what was there before.
  std::int64_t found_after(const std::string& sql) {
    auto db = std::move(
        *Connection::open(database_.settings.path, OpenMode::write, std::chrono::seconds(5), {}));
    EXPECT_TRUE(
        db->execute("CREATE TEMP TABLE kept AS SELECT * FROM audit;"
                    "CREATE TEMP TABLE kept_heads AS SELECT * FROM audit_heads"));
    EXPECT_TRUE(db->execute(sql.c_str())) << sql;
    const auto verified = walk_audit(database_.settings, {});
    EXPECT_TRUE(
        db->execute("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;"
                    "DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM "
                    "kept_heads"));
    if (verified) return 0;
    EXPECT_EQ(verified.error().code, ErrorCode::store_damaged);
    return verified.error().detail;
  }
  static std::string row(int number) {
    return " WHERE node = 'second' AND number = " + std::to_string(number);
  }

  SqliteDatabase database_;
};

TEST_F(AuditPositions, AreAllShownAndWhole) {
  std::vector<std::string> shown;
  const auto walked = walk_audit(
      database_.settings, [&](const ChainedRow& row) { shown.push_back(row.node + row.object); });
  EXPECT_EQ(*walked, 2 * entries);
  ASSERT_EQ(shown.size(), 2u * entries);
  EXPECT_EQ(shown.front(), "first0");
  EXPECT_EQ(shown.back(), "second8");
  EXPECT_EQ(found_after("SELECT 1"), 0);
}

TEST_F(AuditPositions, ShowAChangeOfAnyColumn) {
  for (int number = 1; number <= entries; ++number) {
    for (const char* change :
         {"at = at + 1", "event = 'PatientReaD'", "actor = ''", "object = object || ' '",
          "outcome = 'failure'", "mac = zeroblob(32)", "node = 'third'"}) {
      EXPECT_EQ(found_after(std::string("UPDATE audit SET ") + change + row(number)), number)
          << change;
    }
  }
}

TEST_F(AuditPositions, ShowARowThatIsGoneOrTwice) {
  for (int number = 1; number <= entries; ++number) {
    EXPECT_EQ(found_after("DELETE FROM audit" + row(number)), number);
    // Put in before: all that follow keep their codes and move by one.
    const auto from = std::to_string(number);
    EXPECT_NE(
        found_after("UPDATE audit SET number = -number - 1 WHERE node = 'second' AND number >= " +
                    from + "; UPDATE audit SET number = -number WHERE number < 0;" +
                    "INSERT INTO audit SELECT 'second', " + from +
                    ", at, event, actor, object, outcome, mac FROM audit WHERE node = "
                    "'first' AND number = " +
                    from),
        0);
  }
}

TEST_F(AuditPositions, ShowARowThatWasAppended) {
  for (int number = 1; number <= entries; ++number) {
    EXPECT_EQ(found_after("INSERT INTO audit SELECT node, " + std::to_string(entries + 1) +
                          ", at, event, actor, object, outcome, mac FROM audit" + row(number)),
              entries + 1);
  }
}

TEST_F(AuditPositions, ShowThatTheEndWasCutOffAlsoWhenTheHeadWasMovedToIt) {
  for (int last = 0; last < entries; ++last) {
    const auto cut = "DELETE FROM audit WHERE node = 'second' AND number > " + std::to_string(last);
    EXPECT_EQ(found_after(cut), last + 1);
    EXPECT_EQ(found_after(cut + "; UPDATE audit_heads SET count = " + std::to_string(last) +
                          ", mac = coalesce((SELECT mac FROM audit" + row(last) +
                          "), zeroblob(32)) WHERE node = 'second'"),
              last + 1);
  }
  EXPECT_EQ(found_after("DELETE FROM audit_heads WHERE node = 'second'"), 1);
  EXPECT_NE(found_after("DELETE FROM audit; DELETE FROM audit_heads"), 0);
}

}  // namespace
}  // namespace meridian::store
