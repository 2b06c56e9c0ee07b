// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/queries.h"

namespace meridian::store::postgres {

// Opening

const Query Queries::server_state{
    "server_state",
    "SELECT current_setting('server_version_num')::bigint, pg_is_in_recovery(),"
    " current_setting('fsync') = 'on', current_setting('server_encoding') = 'UTF8',"
    " coalesce(current_schema(), ''), has_schema_privilege(current_schema(), 'CREATE')"};
const Query Queries::wait_in_transaction{"wait_in_transaction", "SELECT pg_advisory_xact_lock($1)"};
const Query Queries::take_node{"take_node", "SELECT pg_try_advisory_lock($1)"};
const Query Queries::end_backend{"end_backend",
                                 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                 " WHERE pid = $1 AND usename = current_user"
                                 " AND application_name = current_setting('application_name')"};
const Query Queries::transaction_state{"transaction_state",
                                       "SELECT pg_xact_status(($1::bigint)::text::xid8)"};
const Query Queries::list_tables{
    "list_tables", "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"};
const Query Queries::list_versions{"list_versions",
                                   "SELECT version, checksum FROM schema_version ORDER BY version"};
const Query Queries::add_version{
    "add_version",
    "INSERT INTO schema_version (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)"};
const Query Queries::list_keys{"list_keys",
                               "SELECT id, purpose, wrapped FROM data_keys ORDER BY id"};
const Query Queries::add_key{
    "add_key", "INSERT INTO data_keys (id, purpose, wrapped, created_at) VALUES ($1, $2, $3, $4)"};

// The end of a transaction: what it added, and by which number its outcome can be asked for.
const Query Queries::end_transaction{
    "end_transaction",
    "INSERT INTO totals (node, messages, referrals, deliveries) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (node) DO UPDATE SET messages = totals.messages + excluded.messages,"
    " referrals = totals.referrals + excluded.referrals,"
    " deliveries = totals.deliveries + excluded.deliveries"
    " RETURNING pg_current_xact_id()::text::bigint"};
const Query Queries::transaction_id{"transaction_id", "SELECT pg_current_xact_id()::text::bigint"};

// Numbers. Whoever takes a delivery's number, or an event's, holds its referral's line to the end
// of the transaction, so that they are visible in the order of their numbers.

const Query Queries::row_numbers{"row_numbers", "SELECT nextval('row_numbers')"};
const Query Queries::delivery_number{"delivery_number", "SELECT nextval('delivery_numbers')"};

// Messages

const Query Queries::add_message{
    "add_message",
    "WITH kept AS (INSERT INTO messages (number, id, source, sender_id, media_type, received_at,"
    " quarantined, digest, answer, issues, body_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $6)"
    " ON CONFLICT (source, sender_id) DO NOTHING RETURNING number, body_at)"
    " INSERT INTO message_bodies (number, at, body) SELECT number, body_at, $11 FROM kept"};
const Query Queries::message_by_key{
    "message_by_key",
    "SELECT number, id, digest, answer FROM messages WHERE source = $1 AND sender_id = $2"};
const Query Queries::message_by_id{
    "message_by_id",
    "SELECT m.number, id, source, sender_id, media_type, received_at, body FROM messages m"
    " LEFT JOIN message_bodies b ON b.number = m.number AND b.at = m.body_at WHERE id = $1"};
const Query Queries::messages_of{
    "messages_of",
    "SELECT m.number, id, source, sender_id, media_type, received_at, body FROM messages m"
    " JOIN message_bodies b ON b.number = m.number AND b.at = m.body_at"
    " WHERE id IN (SELECT message FROM events WHERE referral = $1) ORDER BY received_at, id"};
const Query Queries::end_quarantine{"end_quarantine",
                                    "UPDATE messages SET quarantined = 0, issues = '', answer = $2"
                                    " WHERE number = $1 AND quarantined = 1"};
const Query Queries::list_quarantine{
    "list_quarantine",
    "SELECT number, id, source, media_type, received_at, issues FROM messages"
    " WHERE quarantined = 1 ORDER BY number DESC LIMIT $1"};

// Referrals, their events and aliases

const Query Queries::add_referral{
    "add_referral",
    "INSERT INTO referrals (number, id, source, direction, state, version, owner, worklist,"
    " destination, created_at, updated_at, hidden)"
    " VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (id) DO NOTHING"};
const Query Queries::referral_number{"referral_number",
                                     "SELECT number FROM referrals WHERE id = $1"};
const Query Queries::referral_version{"referral_version",
                                      "SELECT version FROM referrals WHERE id = $1"};
const Query Queries::change_referral{
    "change_referral",
    "UPDATE referrals SET direction = $2, state = $3, version = version + 1, owner = $4,"
    " worklist = $5, destination = $6, updated_at = $7, hidden = $8"
    " WHERE number = $1 AND version = $9"};
const Query Queries::referral_by_id{
    "referral_by_id",
    "SELECT number, id, source, direction, state, version, owner, worklist, destination,"
    " created_at, updated_at, hidden FROM referrals WHERE id = $1"};
const Query Queries::list_referrals{
    "list_referrals",
    "SELECT number, id, source, direction, state, version, owner, worklist, destination,"
    " created_at, updated_at, hidden FROM referrals ORDER BY id DESC LIMIT $1"};

// The number a referral's next event takes, and whether its actor has told this one before.
const Query Queries::next_event{
    "next_event",
    "SELECT coalesce(max(number), 0) + 1,"
    " coalesce(bool_or(actor = $2 AND actor_sequence = $3 AND actor_sequence <> ''), false)"
    " FROM events WHERE referral = $1"};
const Query Queries::add_event{
    "add_event",
    "INSERT INTO events (referral, number, actor, actor_sequence, kind, at, message, detail)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
const Query Queries::events_of{
    "events_of",
    "SELECT number, referral, actor, actor_sequence, kind, at, message, detail FROM events"
    " WHERE referral = $1 ORDER BY number"};
const Query Queries::add_alias{"add_alias",
                               "INSERT INTO aliases (value, referral, shared) VALUES ($1, $2, $3)"
                               " ON CONFLICT DO NOTHING"};
const Query Queries::alias_conflict{
    "alias_conflict", "SELECT 1 FROM aliases WHERE value = $1 AND referral <> $2 LIMIT 1"};
const Query Queries::alias_referral{
    "alias_referral",
    "SELECT id FROM aliases JOIN referrals ON referrals.number = aliases.referral"
    " WHERE value = $1 LIMIT 1"};
const Query Queries::unguarded{
    "unguarded",
    // Not by NOT EXISTS, for which the planner reads all works once.
    "SELECT id FROM referrals WHERE state = $1 AND (owner = '' OR owner = 'nobody'"
    " OR worklist = '' OR (SELECT works.number FROM works"
    " WHERE unique_key = 'clock|' || referrals.id) IS NULL) ORDER BY number LIMIT $2"};

const Query Queries::shared_alias{
    "shared_alias",
    "SELECT id FROM aliases JOIN referrals ON referrals.number = aliases.referral"
    " WHERE value = $1 ORDER BY id"};

// Work

const Query Queries::add_work{
    "add_work",
    "INSERT INTO works (number, due, kind, referral, unique_key, detail)"
    " VALUES ($1, $2, $3, $4, $5, $6)"
    " ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO UPDATE SET due = excluded.due,"
    " number = excluded.number, kind = excluded.kind, referral = excluded.referral, attempts = 0,"
    " lease = NULL, owner = NULL, error = NULL, detail = excluded.detail"};
const Query Queries::cancel_work{"cancel_work", "DELETE FROM works WHERE unique_key = $1"};

// Rows that another node is claiming at this moment are passed over, not waited for.
const Query Queries::claim_work{
    "claim_work",
    "WITH next AS MATERIALIZED (SELECT number, due FROM works WHERE due <= $1"
    "  ORDER BY due, number LIMIT $5 FOR UPDATE SKIP LOCKED),"
    " taken AS (UPDATE works SET due = $2, lease = $3, owner = $4, attempts = attempts + 1"
    "  WHERE number = ANY (ARRAY(SELECT number FROM next))"
    "  RETURNING number, kind, referral, attempts - 1 AS before, detail)"
    " SELECT taken.number, kind, referral, before, detail FROM taken"
    " JOIN next ON next.number = taken.number ORDER BY next.due, next.number"};
const Query Queries::finish_work{"finish_work",
                                 "DELETE FROM works WHERE number = $1 AND lease = $2"};
const Query Queries::return_work{"return_work",
                                 "UPDATE works SET due = $3, lease = NULL, error = $4"
                                 " WHERE number = $1 AND lease = $2"};
const Query Queries::bury_work{
    "bury_work",
    "WITH gone AS (DELETE FROM works WHERE number = $1 AND lease = $2"
    "  RETURNING number, kind, referral, unique_key, attempts, detail)"
    " INSERT INTO dead_works (number, kind, referral, unique_key, attempts, error, detail)"
    " SELECT number, kind, referral, unique_key, attempts, $3, detail FROM gone"};
const Query Queries::revive_work{
    "revive_work",
    "INSERT INTO works (number, due, kind, referral, unique_key, attempts, error, detail)"
    " SELECT number, $2, kind, referral, unique_key, attempts, error, detail FROM dead_works"
    " WHERE number = $1 FOR UPDATE"
    " ON CONFLICT DO NOTHING"};
const Query Queries::end_dead_work{"end_dead_work", "DELETE FROM dead_works WHERE number = $1"};
const Query Queries::dead_works{"dead_works",
                                "SELECT number, kind, referral, attempts, error FROM dead_works"
                                " ORDER BY number DESC LIMIT $1"};

// Facts

const Query Queries::add_facts{
    "add_facts",
    "WITH kept AS (INSERT INTO facts (number, id, referral, media_type, at, body_at)"
    " VALUES ($1, $2, $3, $4, $5, $5) RETURNING number, body_at)"
    " INSERT INTO fact_bodies (number, at, history, body)"
    " SELECT number, body_at, $6, $7 FROM kept"};
const Query Queries::facts_by_id{
    "facts_by_id",
    "SELECT f.number, id, referral, media_type, f.at, history, body FROM facts f"
    " JOIN fact_bodies b ON b.number = f.number AND b.at = f.body_at WHERE id = $1"};
const Query Queries::latest_facts{
    "latest_facts",
    "SELECT f.number, id, referral, media_type, f.at, history, body FROM facts f"
    " JOIN fact_bodies b ON b.number = f.number AND b.at = f.body_at"
    " WHERE f.number = (SELECT number FROM facts WHERE referral = $1 ORDER BY id DESC LIMIT 1)"};

// Outbox

const Query Queries::add_delivery{
    "add_delivery",
    "WITH kept AS (INSERT INTO deliveries (number, referral, destination, lane, kind, key,"
    " media_type, rests_on_version, due, came_at, maybe_arrived, body_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11) RETURNING number, body_at)"
    " INSERT INTO delivery_bodies (number, at, body) SELECT number, body_at, $12 FROM kept"};
const Query Queries::delivery_body{
    "delivery_body",
    "SELECT body FROM deliveries d JOIN delivery_bodies b ON b.number = d.number"
    " AND b.at = d.body_at WHERE d.number = $1"};
const Query Queries::supersede_deliveries{
    "supersede_deliveries",
    "UPDATE deliveries SET state = 'superseded', due = NULL, settled_at = $2"
    " WHERE referral = $1 AND state = 'queued' AND lane = 1 AND rests_on_version <> 0"};

// Goes from one destination to the next in the index, so it costs per destination, not per row.
const Query Queries::due_destinations{
    "due_destinations",
    "WITH RECURSIVE place (name) AS ("
    "  (SELECT min(destination) FROM deliveries WHERE due IS NOT NULL)"
    "  UNION ALL"
    "  SELECT (SELECT min(destination) FROM deliveries"
    "          WHERE due IS NOT NULL AND destination > place.name)"
    "  FROM place WHERE place.name IS NOT NULL),"
    " head AS (SELECT place.name, (SELECT d.due FROM deliveries d"
    "   WHERE d.destination = place.name AND d.lane = lane.number AND d.due <= now_ms()"
    "   AND (d.lane = 0 OR NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.referral = d.referral"
    "     AND o.destination = d.destination AND o.number < d.number AND o.lane = 1"
    "     AND (o.due IS NOT NULL OR o.state = 'ambiguous')))"
    "   ORDER BY d.due LIMIT 1) AS due"
    "  FROM place CROSS JOIN (VALUES (0::bigint), (1::bigint)) AS lane (number)"
    "  WHERE place.name IS NOT NULL)"
    " SELECT name, min(due) FROM head WHERE due IS NOT NULL GROUP BY name ORDER BY 2, 1"};

// The head of each line: due, and nothing older of its referral and destination is still open. A
// row that is claimed again without having been settled may have arrived.
const Query Queries::claim_delivery{
    "claim_delivery",
    "UPDATE deliveries SET state = 'in_flight', due = $4, lease = $5, owner = $6,"
    " attempts = attempts + 1,"
    " maybe_arrived = CASE WHEN state = 'queued' THEN maybe_arrived ELSE 1 END"
    " WHERE number = (SELECT d.number FROM deliveries d"
    "   WHERE d.destination = $1 AND d.lane = $2 AND d.due <= $3"
    "   AND (d.lane = 0 OR NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.referral = d.referral"
    "     AND o.destination = d.destination AND o.number < d.number AND o.lane = 1"
    "     AND (o.due IS NOT NULL OR o.state = 'ambiguous')))"
    "   ORDER BY d.due, d.number LIMIT 1 FOR UPDATE OF d SKIP LOCKED)"
    " RETURNING number, referral, kind, key, media_type, rests_on_version, attempts - 1,"
    " maybe_arrived"};
const Query Queries::end_delivery{
    "end_delivery",
    "UPDATE deliveries SET state = $2, due = NULL, lease = NULL, error = $3, settled_at = $4"
    " WHERE number = $1"};
const Query Queries::settle_delivery{
    "settle_delivery",
    "UPDATE deliveries SET state = $3, due = $4, lease = NULL, error = $5, settled_at = $6,"
    " receipt = $7, maybe_arrived = $8"
    " WHERE number = $1 AND lease = $2 AND state = 'in_flight'"};
const Query Queries::decide_delivery{
    "decide_delivery",
    "UPDATE deliveries SET state = $2, due = $3, settled_at = $4,"
    " maybe_arrived = CASE WHEN state = 'ambiguous' THEN 0 ELSE maybe_arrived END"
    " WHERE number = $1 AND state IN ('ambiguous', 'dead')"};
// The body by a question of its own: in a join the server may read all parts for a few rows.
#define MERIDIAN_DELIVERY                                                                       \
  "SELECT number, referral, destination, kind, key, media_type, rests_on_version, state, due,"  \
  " attempts, error, settled_at, maybe_arrived, receipt, (SELECT b.body FROM delivery_bodies b" \
  " WHERE b.number = d.number AND b.at = d.body_at)"
const Query Queries::deliveries_of{
    "deliveries_of", MERIDIAN_DELIVERY " FROM deliveries d WHERE referral = $1 ORDER BY number"};
const Query Queries::delivery_by_number{"delivery_by_number",
                                        MERIDIAN_DELIVERY " FROM deliveries d WHERE number = $1"};
const Query Queries::outbox{
    "outbox", MERIDIAN_DELIVERY
    " FROM (SELECT * FROM deliveries WHERE due IS NOT NULL"
    "  UNION ALL"
    "  SELECT * FROM deliveries WHERE due IS NULL AND state <> 'delivered' AND state = "
    "'ambiguous'"
    " ) d ORDER BY number LIMIT $1"};
const Query Queries::dead_letters{
    "dead_letters", MERIDIAN_DELIVERY
    " FROM deliveries d WHERE due IS NULL AND state <> 'delivered' AND state = 'dead'"
    " ORDER BY number DESC LIMIT $1"};

// Offers

const Query Queries::add_offer{
    "add_offer",
    "INSERT INTO offers (referral, destination, offered_at) VALUES ($1, $2, $3)"
    " ON CONFLICT (referral, destination) DO UPDATE"
    " SET offered_at = excluded.offered_at WHERE offers.answered_at IS NULL"};
const Query Queries::answer_offer{
    "answer_offer",
    "UPDATE offers SET answered_at = $3, answer = $4"
    " WHERE referral = $1 AND destination = $2 AND answered_at IS NULL"};
const Query Queries::offer_loads{
    "offer_loads",
    "SELECT destination, count(*) FILTER (WHERE answer IS NULL),"
    " count(*) FILTER (WHERE answer = 'accepted'), count(*) FILTER (WHERE answer = 'declined'),"
    " coalesce(trunc(avg(answered_at - offered_at) FILTER (WHERE answer <> 'withdrawn')), "
    "0)::bigint"
    " FROM offers WHERE offered_at >= $1 GROUP BY destination ORDER BY destination"};

// Shelves

const Query Queries::put_on_shelf{"put_on_shelf",
                                  "INSERT INTO shelves (destination, referral, changed_at)"
                                  " VALUES ($1, $2, $3) ON CONFLICT (destination, referral)"
                                  " DO UPDATE SET changed_at = excluded.changed_at"};
const Query Queries::list_shelf{
    "list_shelf",
    "SELECT referral, changed_at FROM shelves"
    " WHERE destination = $1 AND changed_at >= $2 ORDER BY changed_at, referral"};

// People and their sessions

const Query Queries::add_person{
    "add_person",
    "INSERT INTO people (id, version, role, clinic, state, failures, locked_until, invited_at,"
    " last_step, created_at, email, hidden)"
    " VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT DO NOTHING"};
const Query Queries::change_person{
    "change_person",
    "UPDATE people SET version = version + 1, role = $2, clinic = $3, state = $4, failures = $5,"
    " locked_until = $6, invited_at = $7, last_step = $8, email = $9, hidden = $10"
    " WHERE id = $1 AND version = $11"};
const Query Queries::person_conflict{
    "person_conflict",
    "SELECT 1 FROM people WHERE email = $1 AND email <> '' AND id <> $2 LIMIT 1"};
const Query Queries::person_by_id{
    "person_by_id",
    "SELECT id, version, role, clinic, state, failures, locked_until, invited_at, last_step,"
    " created_at, hidden FROM people WHERE id = $1"};
const Query Queries::person_by_email{
    "person_by_email",
    "SELECT id, version, role, clinic, state, failures, locked_until, invited_at, last_step,"
    " created_at, hidden FROM people WHERE email = $1 AND email <> ''"};
const Query Queries::list_people{
    "list_people",
    "SELECT id, version, role, clinic, state, failures, locked_until, invited_at, last_step,"
    " created_at, hidden FROM people ORDER BY id"};
const Query Queries::add_session{
    "add_session", "INSERT INTO sessions (key, person, seen_at, ends_at) VALUES ($1, $2, $3, $4)"};
const Query Queries::see_session{"see_session", "UPDATE sessions SET seen_at = $2 WHERE key = $1"};
const Query Queries::end_session{"end_session", "DELETE FROM sessions WHERE key = $1"};
const Query Queries::end_sessions_of{"end_sessions_of", "DELETE FROM sessions WHERE person = $1"};
const Query Queries::forget_sessions{
    "forget_sessions",
    "DELETE FROM sessions WHERE key = ANY (ARRAY(SELECT key FROM"
    " sessions WHERE ends_at <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED))"};
const Query Queries::session_by_key{
    "session_by_key",
    "SELECT key, person, seen_at, ends_at FROM sessions WHERE key = $1 AND ends_at > now_ms()"};

// Alerts, cursors and leases

const Query Queries::add_alert{
    "add_alert",
    "INSERT INTO alerts (id, referral, contact, rule, at) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (id) DO UPDATE SET level = alerts.level + 1, contact = excluded.contact"
    " WHERE alerts.acknowledged_at IS NULL"};
const Query Queries::alert_by_id{"alert_by_id",
                                 "SELECT id, referral, contact, rule, at, level, acknowledged_at,"
                                 " acknowledged_by FROM alerts WHERE id = $1"};
const Query Queries::open_alerts{"open_alerts",
                                 "SELECT id, referral, contact, rule, at, level, acknowledged_at,"
                                 " acknowledged_by FROM alerts"
                                 " WHERE acknowledged_at IS NULL ORDER BY at"};
const Query Queries::acknowledge_alert{
    "acknowledge_alert",
    "UPDATE alerts SET acknowledged_at = $2, acknowledged_by = $3"
    " WHERE id = $1 AND acknowledged_at IS NULL"};
const Query Queries::cursor_value{"cursor_value",
                                  "SELECT value FROM cursors WHERE source = $1 AND name = $2"};
const Query Queries::set_cursor{"set_cursor",
                                "INSERT INTO cursors (source, name, value) VALUES ($1, $2, $3)"
                                " ON CONFLICT (source, name) DO UPDATE SET value = excluded.value"};
const Query Queries::hold_lease{
    "hold_lease",
    "INSERT INTO leases (name, owner, ends) VALUES ($1, $2, $4)"
    " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ends = excluded.ends"
    " WHERE leases.owner = excluded.owner OR leases.ends <= $3"};
// What another node looks at is its to forget: no node waits for one that waits for it.
const Query Queries::end_leases{"end_leases",
                                "DELETE FROM leases WHERE name = ANY (ARRAY(SELECT name FROM"
                                " leases WHERE ends <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED))"};

// Restore

// All that is open, whatever its lane: a lease of the life before means nothing here.
const Query Queries::mark_deliveries{
    "mark_deliveries",
    "UPDATE deliveries SET state = 'queued', due = $1, lease = NULL,"
    " owner = NULL, maybe_arrived = 1 WHERE due IS NOT NULL"};
const Query Queries::add_restore{
    "add_restore", "INSERT INTO restores (restored_at, taken_at, cut) VALUES ($1, $2, $3)"};
const Query Queries::list_restores{
    "list_restores", "SELECT restored_at, taken_at, cut FROM restores ORDER BY restored_at DESC"};

// Audit

const Query Queries::add_audit{"add_audit",
                               "INSERT INTO audit (node, number, at, event, actor, object, outcome,"
                               " mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
const Query Queries::set_audit_head{
    "set_audit_head",
    "INSERT INTO audit_heads (node, count, mac, signature) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (node) DO UPDATE SET count = excluded.count, mac = excluded.mac,"
    " signature = excluded.signature"};
const Query Queries::hold_audit_head{
    "hold_audit_head", "SELECT count, mac, signature FROM audit_heads WHERE node = $1 FOR UPDATE"};
const Query Queries::audit_head{"audit_head",
                                "SELECT count, mac, signature FROM audit_heads WHERE node = $1"};
const Query Queries::audit_heads{
    "audit_heads", "SELECT node, count, mac, signature FROM audit_heads ORDER BY node"};
const Query Queries::some_audit{"some_audit", "SELECT EXISTS (SELECT 1 FROM audit)"};
const Query Queries::audit_entries{"audit_entries",
                                   "SELECT node, number, at, event, actor, object, outcome, mac"
                                   " FROM audit WHERE (node, number) > ($1, $2)"
                                   " ORDER BY node, number LIMIT 4096"};
const Query Queries::newest_audit{"newest_audit",
                                  "SELECT number, at, event, actor, object, outcome FROM audit"
                                  " WHERE node = $1 ORDER BY number DESC LIMIT $2"};

// Numbers for health

const Query Queries::delivery_tallies{
    "delivery_tallies",
    "SELECT destination, state, coalesce(error, ''), count(*), min(came_at) FROM deliveries"
    " WHERE due IS NOT NULL GROUP BY 1, 2, 3"
    " UNION ALL SELECT destination, state, coalesce(error, ''), count(*), NULL FROM deliveries"
    " WHERE due IS NULL AND state <> 'delivered' GROUP BY 1, 2, 3"};
const Query Queries::referral_tallies{"referral_tallies",
                                      "SELECT state, count(*) FROM referrals GROUP BY state"};
const Query Queries::walks{"walks",
                           "SELECT r.number, r.id, source, destination, state,"
                           " CASE WHEN $2 = 1 THEN hidden END FROM referrals r"
                           " WHERE created_at >= $1 ORDER BY r.number"};
const Query Queries::walk_steps{
    "walk_steps",
    "SELECT r.number, e.number, e.referral, kind, at,"
    " CASE WHEN state IN ('held', 'declined', 'cancelled')"
    " AND kind IN ('held', 'clinic_declined', 'clinic_cancelled')"
    " OR kind IN ('reminded', 'overdue', 'passed_over', 'lapsed')"
    " THEN detail END FROM referrals r"
    " JOIN events e ON e.referral = r.id WHERE created_at >= $1 ORDER BY r.number, e.number"};
const Query Queries::counts{
    "counts",
    "SELECT (SELECT coalesce(sum(messages), 0)::bigint FROM totals),"
    " (SELECT count(*) FROM messages WHERE quarantined = 1),"
    " (SELECT coalesce(sum(referrals), 0)::bigint FROM totals),"
    " (SELECT count(*) FROM works WHERE due <= now_ms()),"
    " (SELECT count(*) FROM dead_works),"
    " (SELECT coalesce(sum(deliveries), 0)::bigint FROM totals),"
    " (SELECT count(*) FROM deliveries WHERE due IS NOT NULL),"
    " (SELECT count(*) FROM deliveries WHERE due IS NULL AND state <> 'delivered'"
    "  AND state = 'ambiguous'),"
    " (SELECT count(*) FROM deliveries WHERE due IS NULL AND state <> 'delivered'"
    "  AND state = 'dead'),"
    " (SELECT count(*) FROM deliveries WHERE due IS NULL AND state <> 'delivered'"
    "  AND state = 'superseded'),"
    " (SELECT count(*) FROM alerts WHERE acknowledged_at IS NULL)"};
const Query Queries::next_due{
    "next_due",
    "WITH RECURSIVE place (name) AS ("
    "  (SELECT min(destination) FROM deliveries WHERE due IS NOT NULL)"
    "  UNION ALL"
    "  SELECT (SELECT min(destination) FROM deliveries"
    "          WHERE due IS NOT NULL AND destination > place.name)"
    "  FROM place WHERE place.name IS NOT NULL)"
    " SELECT least((SELECT min(due) FROM works),"
    "  (SELECT min((SELECT d.due FROM deliveries d"
    "    WHERE d.destination = place.name AND d.lane = lane.number AND d.due IS NOT NULL"
    "    AND (d.lane = 0 OR NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.referral = d.referral"
    "      AND o.destination = d.destination AND o.number < d.number AND o.lane = 1"
    "      AND (o.due IS NOT NULL OR o.state = 'ambiguous')))"
    "    ORDER BY d.due LIMIT 1))"
    "   FROM place CROSS JOIN (VALUES (0::bigint), (1::bigint)) AS lane (number)"
    "   WHERE place.name IS NOT NULL))"};

}  // namespace meridian::store::postgres
