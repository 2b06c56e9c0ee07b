// SPDX-License-Identifier: Apache-2.0
// The plan PostgreSQL makes of each statement on tables that hold enough to make an index pay.
#include <fstream>
#include <regex>

#include <gtest/gtest.h>

#include "places.h"
#include "store/postgres/queries.h"
#include "unit/store/postgres_database.h"

namespace meridian::store {
namespace {

using postgres::Query;

/// Each kind of row many times: most of it done, a little of it due.
constexpr char fill[] = R"sql(
-- A third of the bodies in each part: without a month, of this month, of the next; no other parts.
SELECT drop_body_month(t, (m).starts) FROM (SELECT t, body_months(t) m FROM
  unnest(ARRAY['message_bodies', 'fact_bodies', 'delivery_bodies']) t) months;
SELECT make_body_months();
CREATE FUNCTION part_of(n bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT CASE n % 3 WHEN 0 THEN 0 ELSE now_ms() + (n % 3 - 1) * 2678400000 END $$;
INSERT INTO messages SELECT n, 'm' || n, 'hospital', 's' || n, 't', n, (n % 5000 = 0)::int::bigint,
  'd', 'a', '', part_of(n) FROM generate_series(1, 20000) n;
INSERT INTO message_bodies SELECT number, body_at, 'b' FROM messages;
INSERT INTO referrals SELECT n, 'r' || n, 'hospital', 'd', 's', 1, 'o', 'w', 'c', n, n, 'h'
  FROM generate_series(1, 20000) n;
INSERT INTO events SELECT 'r' || n, k, 'engine', '', 'k', n, 'm' || n, ''
  FROM generate_series(1, 10000) n, generate_series(1, 3) k;
INSERT INTO aliases SELECT decode(md5(n::text), 'hex'), n, n % 2 FROM generate_series(1, 20000) n;
INSERT INTO works (number, due, kind, referral, unique_key, detail)
  SELECT n, n, 'k', 'r' || n, 'u' || n, '' FROM generate_series(1, 20000) n;
INSERT INTO dead_works SELECT n, 'k', 'r' || n, NULL, 1, 'e', '' FROM generate_series(1, 5000) n;
INSERT INTO facts SELECT n, 'f' || n, 'r' || n % 5000, 't', n, part_of(n)
  FROM generate_series(1, 20000) n;
INSERT INTO fact_bodies SELECT number, body_at, '', 'b' FROM facts;
INSERT INTO deliveries (number, referral, destination, lane, kind, key, media_type,
  rests_on_version, came_at, body_at, state, due)
  SELECT n, 'r' || n, 'clinic' || n % 20, 1, 'referral', 'k' || n, 't', 1, n, part_of(n),
  CASE WHEN n % 100 = 0 THEN 'queued' WHEN n % 333 = 0 THEN 'dead' ELSE 'delivered' END,
  CASE WHEN n % 100 = 0 THEN n END FROM generate_series(1, 30000) n;
INSERT INTO delivery_bodies SELECT number, body_at, 'b' FROM deliveries;
INSERT INTO alerts SELECT 'a' || n, 'r' || n, 'c', 'RF01', n, 0, CASE WHEN n % 1000 <> 0 THEN n END,
  NULL FROM generate_series(1, 20000) n;
INSERT INTO offers SELECT 'r' || n, 'clinic' || n % 20, n, CASE WHEN n % 10 <> 0 THEN n + 5 END,
  CASE WHEN n % 10 <> 0 THEN 'accepted' END FROM generate_series(1, 20000) n;
INSERT INTO shelves SELECT 'clinic' || n % 20, 'r' || n, n FROM generate_series(1, 20000) n;
INSERT INTO people SELECT 'p' || n, 1, 'clinic', 'willow', 'active', 0, NULL, NULL, 0, n,
  decode(md5(n::text), 'hex'), 'h' FROM generate_series(1, 5000) n;
INSERT INTO sessions SELECT 'k' || n, 'p' || n % 5000, n, n FROM generate_series(1, 20000) n;
INSERT INTO cursors SELECT 's' || n, 'orders', '' FROM generate_series(1, 5000) n;
INSERT INTO leases SELECT 'l' || n, 'o', n FROM generate_series(1, 5000) n;
INSERT INTO audit SELECT 'other', n, n, 'e', 'a', 'o', 's', 'm' FROM generate_series(1, 20000) n;
-- ANALYZE without a table would lock those of the tests beside us, in an order that they do not know.
DO $$ DECLARE own text; BEGIN
  FOR own IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE 'ANALYZE ' || own;
  END LOOP;
END $$)sql";

class PostgresPlan : public testing::Test {
 protected:
  PostgresPlan() {
    database_.open()->close();
    database_.sql(fill);
    database_.sql("SET plan_cache_mode = force_generic_plan; SET jit = off");
  }

  /// The plan as text, for parameters that are not known.
  std::string plan_of(const Query& query) {
    const std::string name = std::string("plan_") + query.name;
    const auto made = database_.db().script(("PREPARE " + name + " AS " + query.sql).c_str());
    EXPECT_FALSE(made.failed()) << query.name;
    const std::string count = database_.value(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = '" + name +
        "'");
    std::string nulls;
    for (int i = 0; i < std::stoi(count); ++i) nulls += i == 0 ? "(NULL" : ", NULL";
    if (!nulls.empty()) nulls += ")";
    auto rows = database_.db().script(("EXPLAIN (COSTS OFF) EXECUTE " + name + nulls).c_str());
    EXPECT_FALSE(rows.failed()) << query.name;
    std::string plan;
    while (rows.next()) plan += rows.text(0) + "\n";
    return plan;
  }

  PostgresDatabase database_;
};

/// A table read from one end to the other. Small ones may be: a row per node; and the one that
/// holds only what is counted.
bool reads_everything(const std::string& plan) {
  static const std::regex whole(
      "Seq Scan on (?!totals|audit_heads|data_keys|test_time|dead_works)");
  return std::regex_search(plan, whole);
}

TEST_F(PostgresPlan, OfEveryHotQueryUsesAnIndex) {
  for (const auto& listed : postgres::all_queries()) {
    const auto plan = plan_of(*listed.query);
    EXPECT_FALSE(plan.empty()) << listed.query->name;
    if (!listed.hot) continue;
    EXPECT_FALSE(reads_everything(plan)) << listed.query->name << ":\n" << plan;
  }
}

TEST_F(PostgresPlan, WouldNoticeAWholeTable) {
  const Query bad{"bad", "SELECT * FROM works WHERE referral = $1"};
  EXPECT_TRUE(reads_everything(plan_of(bad)));
}

TEST_F(PostgresPlan, FindsTheNextInALineWithoutSorting) {
  const auto work = plan_of(postgres::Queries::claim_work);
  EXPECT_NE(work.find("Index Scan using works_due"), std::string::npos) << work;
  const auto delivery = plan_of(postgres::Queries::claim_delivery);
  EXPECT_NE(delivery.find("deliveries_due"), std::string::npos) << delivery;
  EXPECT_EQ(delivery.find("Sort"), std::string::npos) << delivery;
}

TEST_F(PostgresPlan, CoversEveryStatementThatIsDeclared) {
  std::ifstream file(std::string(test::source_folder) + "/plugin/store/postgres/queries.h");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex declaration("static const Query (\\w+);");
  // About the server, its sequences, or a schema that is not there yet: no table of ours.
  const std::set<std::string> apart{"server_state", "wait_in_transaction", "take_node",
                                    "end_backend",  "transaction_id",      "transaction_state",
                                    "list_tables",  "list_versions",       "add_version",
                                    "row_numbers",  "delivery_number"};
  std::set<std::string> listed;
  for (const auto& one : postgres::all_queries()) listed.insert(one.query->name);
  std::size_t declared = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), declaration), end; at != end; ++at) {
    const std::string name = (*at)[1];
    if (apart.contains(name)) continue;
    ++declared;
    EXPECT_TRUE(listed.contains(name)) << name;
  }
  EXPECT_EQ(declared, listed.size());
}

}  // namespace
}  // namespace meridian::store
