// SPDX-License-Identifier: Apache-2.0
#include "store/abandoned.h"

namespace meridian::store {
namespace {

const Query free_works{"free_works",
                       "UPDATE works SET due = ?1"
                       " WHERE due > ?1 AND lease IS NOT NULL AND attempts = 1"};

const Query free_deliveries{"free_deliveries",
                            "UPDATE deliveries INDEXED BY deliveries_due SET due = ?1"
                            " WHERE due > ?1 AND state = 'in_flight' AND attempts = 1"};

const postgres::Query free_works_of{
    "free_works_of",
    "UPDATE works SET due = now_ms()"
    " WHERE due > now_ms() AND lease IS NOT NULL AND attempts = 1 AND owner = $1"};

const postgres::Query free_deliveries_of{
    "free_deliveries_of",
    "UPDATE deliveries SET due = now_ms()"
    " WHERE due > now_ms() AND state = 'in_flight' AND attempts = 1 AND owner = $1"};

}  // namespace

Result<void> free_abandoned(Connection& db, Instant now) {
  for (const auto* query : {&free_works, &free_deliveries}) {
    if (const auto freed = db.change(*query, now); !freed) return freed.error();
  }
  return {};
}

namespace postgres {

Result<void> free_abandoned(Connection& db, const std::string& node) {
  for (const auto* query : {&free_works_of, &free_deliveries_of}) {
    const auto freed = db.change(*query, node);
    if (!freed) return freed.error();
  }
  return {};
}

}  // namespace postgres
}  // namespace meridian::store
