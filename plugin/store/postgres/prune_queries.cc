// SPDX-License-Identifier: Apache-2.0
// Statements of retention. A referral r is needed unless it came to an end (among $2) before $1 and
// is not held (among $3).
#include "store/postgres/queries.h"

#define MERIDIAN_NEEDED                                          \
  "(strpos($2, ',' || r.state || ',') = 0 OR r.updated_at >= $1" \
  " OR strpos($3, ',' || r.id || ',') <> 0)"

namespace meridian::store::postgres {

const Query Queries::make_body_months{"make_body_months", "SELECT make_body_months()"};
const Query Queries::oldest_body_month{
    "oldest_body_month",
    "SELECT starts, ends FROM body_months($1) WHERE ends <= $2 ORDER BY starts LIMIT 1"};
const Query Queries::drop_body_month{"drop_body_month", "SELECT drop_body_month($1, $2)"};

// What is needed of the month from $4 to $5 goes to the part without a month, so many at a time.

const Query Queries::keep_messages{
    "keep_messages",
    "WITH needed AS (SELECT b.number, b.at FROM message_bodies b JOIN messages m"
    "  ON m.number = b.number WHERE b.at >= $4 AND b.at < $5 AND (m.quarantined = 1"
    "  OR EXISTS (SELECT 1 FROM events e JOIN referrals r ON r.id = e.referral"
    "   WHERE e.message = m.id AND " MERIDIAN_NEEDED
    ")) LIMIT 500),"
    " moved AS (UPDATE message_bodies b SET at = 0 FROM needed s"
    "  WHERE b.number = s.number AND b.at = s.at RETURNING b.number)"
    " UPDATE messages m SET body_at = 0 FROM moved WHERE m.number = moved.number"};
const Query Queries::keep_facts{
    "keep_facts",
    "WITH needed AS (SELECT b.number, b.at FROM fact_bodies b JOIN facts f ON f.number = b.number"
    "  JOIN referrals r ON r.id = f.referral WHERE b.at >= $4 AND b.at < $5"
    "  AND " MERIDIAN_NEEDED
    " LIMIT 200),"
    " moved AS (UPDATE fact_bodies b SET at = 0 FROM needed s"
    "  WHERE b.number = s.number AND b.at = s.at RETURNING b.number)"
    " UPDATE facts f SET body_at = 0 FROM moved WHERE f.number = moved.number"};
const Query Queries::keep_deliveries{
    "keep_deliveries",
    "WITH needed AS (SELECT b.number, b.at FROM delivery_bodies b JOIN deliveries d"
    "  ON d.number = b.number LEFT JOIN referrals r ON r.id = d.referral"
    "  WHERE b.at >= $4 AND b.at < $5 AND (d.due IS NOT NULL OR d.state IN ('ambiguous', 'dead')"
    "   OR " MERIDIAN_NEEDED
    ") LIMIT 200),"
    " moved AS (UPDATE delivery_bodies b SET at = 0 FROM needed s"
    "  WHERE b.number = s.number AND b.at = s.at RETURNING b.number)"
    " UPDATE deliveries d SET body_at = 0 FROM moved WHERE d.number = moved.number"};

// In the part without a month bodies go one by one: the rows after $4 and up to $5.

const Query Queries::last_of_messages{
    "last_of_messages",
    "SELECT max(number) FROM (SELECT number FROM message_bodies_kept WHERE number > $1"
    " ORDER BY number LIMIT 500) AS step"};
const Query Queries::last_of_facts{
    "last_of_facts",
    "SELECT max(number) FROM (SELECT number FROM fact_bodies_kept WHERE number > $1"
    " ORDER BY number LIMIT 500) AS step"};
const Query Queries::last_of_deliveries{
    "last_of_deliveries",
    "SELECT max(number) FROM (SELECT number FROM delivery_bodies_kept WHERE number > $1"
    " ORDER BY number LIMIT 500) AS step"};
const Query Queries::prune_messages{
    "prune_messages",
    "DELETE FROM message_bodies_kept b USING messages m WHERE b.number > $4 AND b.number <= $5"
    " AND m.number = b.number AND m.quarantined = 0 AND m.received_at < $6"
    " AND NOT EXISTS (SELECT 1 FROM events e JOIN referrals r ON r.id = e.referral"
    "  WHERE e.message = m.id AND " MERIDIAN_NEEDED ")"};
const Query Queries::prune_facts{
    "prune_facts",
    "DELETE FROM fact_bodies_kept b USING facts f, referrals r WHERE b.number > $4"
    " AND b.number <= $5 AND f.number = b.number AND r.id = f.referral AND NOT " MERIDIAN_NEEDED};
const Query Queries::prune_deliveries{
    "prune_deliveries",
    "DELETE FROM delivery_bodies_kept b USING deliveries d, referrals r WHERE b.number > $4"
    " AND b.number <= $5 AND d.number = b.number AND d.state IN ('delivered', 'superseded')"
    " AND r.id = d.referral AND NOT " MERIDIAN_NEEDED};

// A referral leaves the shelf with the last body that its destination could read there.
const Query Queries::prune_shelves{
    "prune_shelves",
    "DELETE FROM shelves s USING referrals r WHERE r.id = s.referral AND NOT " MERIDIAN_NEEDED
    " AND NOT EXISTS (SELECT 1 FROM deliveries d JOIN delivery_bodies b ON b.number = d.number"
    "  AND b.at = d.body_at WHERE d.referral = s.referral AND d.destination = s.destination"
    "  AND d.state = 'delivered')"};

// Only ours: others may have tables in the same database.
const Query Queries::used_bytes{
    "used_bytes",
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"};

}  // namespace meridian::store::postgres
