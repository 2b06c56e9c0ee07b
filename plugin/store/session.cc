// SPDX-License-Identifier: Apache-2.0
#include "store/session.h"

#include "store/queries.h"

namespace meridian::store {
namespace {

Result<void> load_number(Connection& db, const Query& query, std::int64_t& number) {
  auto rows = db.select(query);
  if (!rows.next()) return rows.error("store.session");
  number = rows.integer(0);
  return {};
}

}  // namespace

Result<RowNumbers> load_row_numbers(Connection& db) {
  RowNumbers numbers;
  const struct {
    const Query& query;
    std::int64_t& number;
  } tables[] = {
      {Queries::last_message, numbers.message},   {Queries::last_referral, numbers.referral},
      {Queries::last_work, numbers.work},         {Queries::last_facts, numbers.facts},
      {Queries::last_delivery, numbers.delivery}, {Queries::last_cursor, numbers.cursor},
  };
  for (const auto& table : tables) {
    if (auto loaded = load_number(db, table.query, table.number); !loaded) return loaded.error();
  }
  return numbers;
}

}  // namespace meridian::store
