// SPDX-License-Identifier: Apache-2.0
// The plan SQLite makes of each statement: SQL and index cannot drift apart unseen.
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "places.h"
#include "store/queries.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

class QueryPlan : public testing::Test {
 protected:
  QueryPlan() {
    database_.open()->close();
    db_ = std::move(*Connection::open(database_.settings.path, OpenMode::read,
                                      std::chrono::milliseconds(100), ""));
  }

  std::vector<std::string> plan_of(const Query& query) {
    const std::string sql = std::string("EXPLAIN QUERY PLAN ") + query.sql;
    std::vector<std::string> lines;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_->handle(), sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << query.name << ": " << sqlite3_errmsg(db_->handle());
    {
      Rows rows(statement, SQLITE_OK);
      while (rows.next()) lines.push_back(rows.text(3));
    }
    sqlite3_finalize(statement);
    return lines;
  }

  SqliteDatabase database_;
  std::unique_ptr<Connection> db_;
};

/// A walk over a table of the schema, unless it is over an index or a table that holds only the
/// rows meant.
bool reads_everything(const std::string& line) {
  static const std::regex scan("SCAN (d|o|(?!dead_works)\\w+s|audit)( USING INTEGER PRIMARY KEY)?");
  static const std::regex partial(
      "SCAN \\w+ USING (COVERING )?INDEX "
      "(messages_quarantined|deliveries_due|alerts_open)");
  return std::regex_match(line, scan) ||
         (line.find("SCAN") == 0 && line.find("INDEX") != std::string::npos &&
          !std::regex_match(line, partial));
}

TEST_F(QueryPlan, OfEveryHotQueryUsesAnIndex) {
  for (const auto& listed : all_queries()) {
    const auto plan = plan_of(*listed.query);
    if (!listed.hot) continue;
    for (const auto& line : plan) {
      EXPECT_FALSE(reads_everything(line)) << listed.query->name << ": " << line;
    }
  }
}

TEST_F(QueryPlan, WouldNoticeAWholeTable) {
  const Query bad{"bad", "SELECT * FROM works WHERE referral = ?1"};
  const auto plan = plan_of(bad);
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_TRUE(reads_everything(plan[0])) << plan[0];
}

TEST_F(QueryPlan, FindsTheNextInALineWithoutSorting) {
  for (const auto* query : {&Queries::next_in_lane, &Queries::claim_work}) {
    for (const auto& line : plan_of(*query)) {
      EXPECT_EQ(line.find("TEMP B-TREE"), std::string::npos) << query->name << ": " << line;
    }
  }
}

TEST_F(QueryPlan, CoversEveryStatementThatIsDeclared) {
  std::ifstream file(std::string(test::source_folder) + "/plugin/store/queries.h");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex declaration("static const Query (\\w+);");
  // Transactions have no plan; the rest runs while the schema is not there yet.
  const std::set<std::string> apart{
      "begin",          "commit",      "rollback",      "savepoint",   "release_savepoint",
      "undo_savepoint", "list_tables", "list_versions", "add_version", "quick_check"};
  std::set<std::string> listed;
  for (const auto& one : all_queries()) listed.insert(one.query->name);
  std::size_t declared = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), declaration), end; at != end; ++at) {
    const std::string name = (*at)[1];
    if (apart.count(name) != 0) continue;
    ++declared;
    EXPECT_EQ(listed.count(name), 1u) << name;
  }
  EXPECT_EQ(declared, listed.size());
}

}  // namespace
}  // namespace meridian::store
