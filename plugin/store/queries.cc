// SPDX-License-Identifier: Apache-2.0
#include "store/queries.h"

namespace meridian::store {

// Transactions

const Query Queries::begin{"begin", "BEGIN IMMEDIATE"};
const Query Queries::commit{"commit", "COMMIT"};
const Query Queries::rollback{"rollback", "ROLLBACK"};
const Query Queries::savepoint{"savepoint", "SAVEPOINT member"};
const Query Queries::release_savepoint{"release_savepoint", "RELEASE member"};
const Query Queries::undo_savepoint{"undo_savepoint", "ROLLBACK TO member"};

// Schema

const Query Queries::list_tables{"list_tables",
                                 "SELECT name FROM sqlite_schema WHERE type = 'table'"};

const Query Queries::list_versions{"list_versions",
                                   "SELECT version, checksum FROM schema_version ORDER BY version"};

const Query Queries::add_version{
    "add_version",
    "INSERT INTO schema_version (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)"};

const Query Queries::list_keys{"list_keys",
                               "SELECT id, purpose, wrapped FROM data_keys ORDER BY id"};

const Query Queries::add_key{
    "add_key", "INSERT INTO data_keys (id, purpose, wrapped, created_at) VALUES (?1, ?2, ?3, ?4)"};

const Query Queries::quick_check{"quick_check", "PRAGMA quick_check(1)"};

const Query Queries::last_message{"last_message", "SELECT ifnull(max(number), 0) FROM messages"};
const Query Queries::last_referral{"last_referral", "SELECT ifnull(max(number), 0) FROM referrals"};
const Query Queries::last_work{"last_work",
                               "SELECT max(ifnull((SELECT max(number) FROM works), 0),"
                               " ifnull((SELECT max(number) FROM dead_works), 0))"};
const Query Queries::last_facts{"last_facts", "SELECT ifnull(max(number), 0) FROM facts"};
const Query Queries::last_delivery{"last_delivery",
                                   "SELECT ifnull(max(number), 0) FROM delivery_bodies"};
const Query Queries::last_cursor{"last_cursor", "SELECT ifnull(max(number), 0) FROM cursors"};

// Messages

const Query Queries::add_message{
    "add_message",
    "INSERT INTO messages (number, id, source, sender_id, media_type, received_at, quarantined,"
    " digest, answer, issues, body)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    " ON CONFLICT (source, sender_id) DO NOTHING"};

const Query Queries::message_by_key{
    "message_by_key",
    "SELECT number, id, digest, answer FROM messages WHERE source = ?1 AND sender_id = ?2"};

const Query Queries::message_by_id{
    "message_by_id",
    "SELECT number, id, source, sender_id, media_type, received_at, body FROM messages"
    " WHERE id = ?1"};

const Query Queries::messages_of{
    "messages_of",
    "SELECT number, id, source, sender_id, media_type, received_at, body FROM messages"
    " WHERE id IN (SELECT message FROM events WHERE referral = ?1) AND body IS NOT NULL"
    " ORDER BY number"};

const Query Queries::end_quarantine{
    "end_quarantine",
    "UPDATE messages SET quarantined = 0, issues = NULL, answer = ?2"
    " WHERE number = ?1 AND quarantined = 1"};

const Query Queries::list_quarantine{
    "list_quarantine",
    "SELECT number, id, source, media_type, received_at, issues FROM messages"
    " WHERE quarantined = 1 ORDER BY number DESC LIMIT ?1"};

// Referrals, their events and aliases

const Query Queries::add_referral{
    "add_referral",
    "INSERT INTO referrals (number, id, source, direction, state, version, owner, worklist,"
    " destination, created_at, updated_at, hidden)"
    " VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11)"
    " ON CONFLICT (id) DO NOTHING"};

const Query Queries::referral_number{"referral_number",
                                     "SELECT number FROM referrals WHERE id = ?1"};
const Query Queries::referral_version{"referral_version",
                                      "SELECT version FROM referrals WHERE id = ?1"};

const Query Queries::change_referral{
    "change_referral",
    "UPDATE referrals SET direction = ?2, state = ?3, version = version + 1, owner = ?4,"
    " worklist = ?5, destination = ?6, updated_at = ?7, hidden = ?8"
    " WHERE number = ?1 AND version = ?9"};

const Query Queries::referral_by_id{
    "referral_by_id",
    "SELECT number, id, source, direction, state, version, owner, worklist, destination,"
    " created_at, updated_at, hidden FROM referrals"
    " WHERE id = ?1"};

const Query Queries::list_referrals{
    "list_referrals",
    "SELECT number, id, source, direction, state, version, owner, worklist, destination,"
    " created_at, updated_at, hidden FROM referrals"
    " ORDER BY number DESC LIMIT ?1"};

// The number a referral's next event takes, and whether its actor has told this one before.
const Query Queries::next_event{
    "next_event",
    "SELECT ifnull(max(number), 0) + 1,"
    " ifnull(max(actor = ?2 AND actor_sequence = ?3 AND actor_sequence <> ''), 0)"
    " FROM events WHERE referral = ?1"};

const Query Queries::add_event{
    "add_event",
    "INSERT INTO events (referral, number, actor, actor_sequence, kind, at, message, detail)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};

const Query Queries::events_of{
    "events_of",
    "SELECT number, referral, actor, actor_sequence, kind, at, message, detail FROM events"
    " WHERE referral = ?1 ORDER BY number"};

const Query Queries::add_alias{
    "add_alias", "INSERT INTO aliases (value, referral) VALUES (?1, ?2) ON CONFLICT DO NOTHING"};

const Query Queries::alias_conflict{
    "alias_conflict", "SELECT 1 FROM aliases WHERE value = ?1 AND referral <> ?2 LIMIT 1"};

const Query Queries::alias_referral{
    "alias_referral",
    "SELECT id FROM aliases JOIN referrals ON referrals.number = aliases.referral"
    " WHERE value = ?1 LIMIT 1"};

const Query Queries::unguarded{
    "unguarded",
    "SELECT id FROM referrals WHERE state = ?1 AND (owner = '' OR owner = 'nobody'"
    " OR worklist = '' OR NOT EXISTS (SELECT 1 FROM works"
    " WHERE unique_key = 'clock|' || referrals.id)) ORDER BY number LIMIT ?2"};

const Query Queries::shared_alias{
    "shared_alias",
    "SELECT id FROM aliases JOIN referrals ON referrals.number = aliases.referral"
    " WHERE value = ?1 ORDER BY aliases.referral"};

// Work

const Query Queries::add_work{
    "add_work",
    "INSERT INTO works (due, number, kind, referral, unique_key, detail)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO UPDATE SET due = excluded.due,"
    " number = excluded.number, kind = excluded.kind, referral = excluded.referral, attempts = 0,"
    " lease = NULL, owner = NULL, error = NULL, detail = excluded.detail"};

const Query Queries::cancel_work{"cancel_work", "DELETE FROM works WHERE unique_key = ?1"};

// The outer condition repeats the inner one, so that of two claims on one row only one can win.
const Query Queries::claim_work{
    "claim_work",
    "UPDATE works SET due = ?2, lease = ?3, owner = ?4, attempts = attempts + 1"
    " WHERE (due, number) = (SELECT due, number FROM works WHERE due <= ?1"
    "  ORDER BY due, number LIMIT 1) AND due <= ?1"
    " RETURNING number, kind, referral, attempts - 1, detail"};

const Query Queries::finish_work{"finish_work",
                                 "DELETE FROM works WHERE due = ?1 AND number = ?2 AND lease = ?3"};

const Query Queries::return_work{"return_work",
                                 "UPDATE works SET due = ?4, lease = NULL, error = ?5"
                                 " WHERE due = ?1 AND number = ?2 AND lease = ?3"};

const Query Queries::bury_work{
    "bury_work",
    "INSERT INTO dead_works (number, kind, referral, unique_key, attempts, error, detail)"
    " SELECT number, kind, referral, unique_key, attempts, ?4, detail FROM works"
    " WHERE due = ?1 AND number = ?2 AND lease = ?3"};

const Query Queries::revive_work{
    "revive_work",
    "INSERT INTO works (due, number, kind, referral, unique_key, attempts, error, detail)"
    " SELECT ?2, number, kind, referral, unique_key, attempts, error, detail FROM dead_works"
    " WHERE number = ?1"
    " ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING"};

const Query Queries::end_dead_work{"end_dead_work", "DELETE FROM dead_works WHERE number = ?1"};

const Query Queries::dead_works{"dead_works",
                                "SELECT number, kind, referral, attempts, error FROM dead_works"
                                " ORDER BY number DESC LIMIT ?1"};

// Facts

const Query Queries::add_facts{
    "add_facts",
    "INSERT INTO facts (number, id, referral, media_type, at, history, body)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};

const Query Queries::facts_by_id{
    "facts_by_id",
    "SELECT number, id, referral, media_type, at, history, body FROM facts WHERE id = ?1"};

const Query Queries::latest_facts{
    "latest_facts",
    "SELECT number, id, referral, media_type, at, history, body FROM facts"
    " WHERE referral = ?1 ORDER BY number DESC LIMIT 1"};

// Outbox

const Query Queries::add_delivery{
    "add_delivery",
    "INSERT INTO deliveries (referral, destination, number, lane, kind, key, media_type,"
    " rests_on_version, due, came_at, maybe_arrived)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)"};

const Query Queries::add_delivery_body{
    "add_delivery_body", "INSERT INTO delivery_bodies (number, body) VALUES (?1, ?2)"};

const Query Queries::delivery_body{"delivery_body",
                                   "SELECT body FROM delivery_bodies WHERE number = ?1"};

const Query Queries::supersede_deliveries{
    "supersede_deliveries",
    "UPDATE deliveries SET state = 'superseded', due = NULL, settled_at = ?2"
    " WHERE referral = ?1 AND state = 'queued' AND lane = 1 AND rests_on_version <> 0"};

// Goes from one destination to the next in the index, so it costs per destination, not per row.
const Query Queries::due_destinations{
    "due_destinations",
    "WITH RECURSIVE place (name) AS ("
    "  SELECT min(destination) FROM deliveries WHERE due IS NOT NULL"
    "  UNION ALL"
    "  SELECT (SELECT min(destination) FROM deliveries"
    "          WHERE due IS NOT NULL AND destination > place.name)"
    "  FROM place WHERE place.name IS NOT NULL),"
    " lane (number) AS (VALUES (0), (1)),"
    " head (name, due) AS (SELECT place.name, (SELECT d.due FROM deliveries d"
    "    WHERE d.destination = place.name AND d.lane = lane.number AND d.due <= ?1"
    "    AND (d.lane = 0 OR NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.referral = d.referral"
    "      AND o.destination = d.destination AND o.number < d.number AND o.lane = 1"
    " AND (o.due IS NOT NULL OR o.state = 'ambiguous')))"
    "    ORDER BY d.due LIMIT 1) FROM place CROSS JOIN lane WHERE place.name IS NOT NULL)"
    " SELECT name, min(due) FROM head WHERE due IS NOT NULL GROUP BY name ORDER BY 2, 1"};

// The head of each line: due, and nothing older of its referral and destination is still open.
const Query Queries::next_in_lane{
    "next_in_lane",
    "SELECT d.referral, d.number FROM deliveries d WHERE d.destination = ?1 AND d.lane = ?2 AND "
    "d.due <= ?3"
    " AND (d.lane = 0 OR NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.referral = d.referral"
    "   AND o.destination = d.destination AND o.number < d.number AND o.lane = 1"
    " AND (o.due IS NOT NULL OR o.state = 'ambiguous')))"
    " ORDER BY d.due, d.number LIMIT 1"};

// A row that is claimed again without having been settled may have arrived.
const Query Queries::claim_delivery{
    "claim_delivery",
    "UPDATE deliveries SET state = 'in_flight', due = ?5, lease = ?6, owner = ?7,"
    " attempts = attempts + 1, maybe_arrived = maybe_arrived OR state <> 'queued'"
    " WHERE referral = ?1 AND destination = ?2 AND number = ?3 AND due <= ?4"
    " RETURNING kind, key, media_type, rests_on_version, attempts - 1, maybe_arrived"};

const Query Queries::end_delivery{
    "end_delivery",
    "UPDATE deliveries SET state = ?4, due = NULL, lease = NULL, error = ?5, settled_at = ?6"
    " WHERE referral = ?1 AND destination = ?2 AND number = ?3"};

const Query Queries::settle_delivery{
    "settle_delivery",
    "UPDATE deliveries SET state = ?5, due = ?6, lease = NULL, error = ?7, settled_at = ?8,"
    " receipt = ?9, maybe_arrived = ?10"
    " WHERE referral = ?1 AND destination = ?2 AND number = ?3 AND lease = ?4"
    " AND state = 'in_flight'"};

// The first conditions are those of the index deliveries_unusual.
const Query Queries::decide_delivery{
    "decide_delivery",
    "UPDATE deliveries SET state = ?2, due = ?3, settled_at = ?4,"
    " maybe_arrived = maybe_arrived AND state <> 'ambiguous'"
    " WHERE due IS NULL AND state <> 'delivered' AND (state = 'ambiguous' OR state = 'dead')"
    " AND number = ?1"};

const Query Queries::deliveries_of{
    "deliveries_of",
    "SELECT d.number, referral, destination, kind, key, media_type, rests_on_version, state, due,"
    " attempts, error, settled_at, maybe_arrived, receipt, body FROM deliveries d"
    " LEFT JOIN delivery_bodies b ON b.number = d.number WHERE referral = ?1 ORDER BY d.number"};

const Query Queries::delivery_by_number{
    "delivery_by_number",
    "SELECT d.number, referral, destination, kind, key, media_type, rests_on_version, state, due,"
    " attempts, error, settled_at, maybe_arrived, receipt, body FROM deliveries d"
    " LEFT JOIN delivery_bodies b ON b.number = d.number WHERE d.number = ?1"};

const Query Queries::outbox{
    "outbox",
    "SELECT d.number, referral, destination, kind, key, media_type, rests_on_version, state, due,"
    " attempts, error, settled_at, maybe_arrived, receipt, body FROM ("
    "  SELECT * FROM deliveries WHERE due IS NOT NULL"
    "  UNION ALL"
    "  SELECT * FROM deliveries WHERE due IS NULL AND state <> 'delivered' AND state = 'ambiguous'"
    " ) d LEFT JOIN delivery_bodies b ON b.number = d.number ORDER BY d.number LIMIT ?1"};

const Query Queries::dead_letters{
    "dead_letters",
    "SELECT d.number, referral, destination, kind, key, media_type, rests_on_version, state, due,"
    " attempts, error, settled_at, maybe_arrived, receipt, body FROM deliveries d"
    " LEFT JOIN delivery_bodies b ON b.number = d.number"
    " WHERE due IS NULL AND state <> 'delivered' AND state = 'dead'"
    " ORDER BY d.number DESC LIMIT ?1"};

// Offers

const Query Queries::add_offer{
    "add_offer",
    "INSERT INTO offers (referral, destination, offered_at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (referral, destination) DO UPDATE"
    " SET offered_at = excluded.offered_at WHERE answered_at IS NULL"};

const Query Queries::answer_offer{
    "answer_offer",
    "UPDATE offers SET answered_at = ?3, answer = ?4"
    " WHERE referral = ?1 AND destination = ?2 AND answered_at IS NULL"};

const Query Queries::offer_loads{
    "offer_loads",
    "SELECT destination, sum(answer IS NULL), sum(ifnull(answer = 'accepted', 0)),"
    " sum(ifnull(answer = 'declined', 0)),"
    " cast(ifnull(avg(CASE WHEN answer <> 'withdrawn' THEN answered_at - offered_at END), 0)"
    "  AS INTEGER)"
    " FROM offers WHERE offered_at >= ?1 GROUP BY destination ORDER BY destination"};

// Shelves

const Query Queries::put_on_shelf{"put_on_shelf",
                                  "INSERT INTO shelves (destination, referral, changed_at)"
                                  " VALUES (?1, ?2, ?3) ON CONFLICT (destination, referral)"
                                  " DO UPDATE SET changed_at = excluded.changed_at"};

const Query Queries::list_shelf{
    "list_shelf",
    "SELECT referral, changed_at FROM shelves"
    " WHERE destination = ?1 AND changed_at >= ?2 ORDER BY changed_at, referral"};

// Alerts and cursors

const Query Queries::add_alert{
    "add_alert",
    "INSERT INTO alerts (id, referral, contact, rule, at) VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (id) DO UPDATE SET level = level + 1, contact = excluded.contact"
    " WHERE acknowledged_at IS NULL"};

const Query Queries::alert_by_id{"alert_by_id",
                                 "SELECT id, referral, contact, rule, at, level, acknowledged_at,"
                                 " acknowledged_by FROM alerts WHERE id = ?1"};

const Query Queries::open_alerts{"open_alerts",
                                 "SELECT id, referral, contact, rule, at, level, acknowledged_at,"
                                 " acknowledged_by FROM alerts"
                                 " WHERE acknowledged_at IS NULL ORDER BY at"};

const Query Queries::acknowledge_alert{
    "acknowledge_alert",
    "UPDATE alerts SET acknowledged_at = ?2, acknowledged_by = ?3"
    " WHERE id = ?1 AND acknowledged_at IS NULL"};

const Query Queries::cursor_number{"cursor_number",
                                   "SELECT number FROM cursors WHERE source = ?1 AND name = ?2"};

const Query Queries::cursor_value{
    "cursor_value", "SELECT number, value FROM cursors WHERE source = ?1 AND name = ?2"};

const Query Queries::set_cursor{
    "set_cursor",
    "INSERT INTO cursors (number, source, name, value) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (source, name) DO UPDATE SET value = excluded.value"};

const Query Queries::hold_lease{
    "hold_lease",
    "INSERT INTO leases (name, owner, ends) VALUES (?1, ?2, ?4)"
    " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ends = excluded.ends"
    " WHERE owner = excluded.owner OR ends <= ?3"};

const Query Queries::end_leases{"end_leases", "DELETE FROM leases WHERE ends <= ?1"};

// Restore

// All that is open, whatever its lane: a lease of the life before means nothing here.
const Query Queries::mark_deliveries{
    "mark_deliveries",
    "UPDATE deliveries SET state = 'queued', due = ?1, lease = NULL,"
    " owner = NULL, maybe_arrived = 1 WHERE due IS NOT NULL"};

const Query Queries::add_restore{
    "add_restore", "INSERT INTO restores (restored_at, taken_at, cut) VALUES (?1, ?2, ?3)"};

const Query Queries::list_restores{
    "list_restores", "SELECT restored_at, taken_at, cut FROM restores ORDER BY restored_at DESC"};

// Audit

const Query Queries::add_audit{
    "add_audit",
    "INSERT INTO audit (node, number, at, event, actor, object, outcome, mac)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};

const Query Queries::set_audit_head{
    "set_audit_head",
    "INSERT INTO audit_heads (node, count, mac, signature) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (node) DO UPDATE SET count = excluded.count, mac = excluded.mac,"
    " signature = excluded.signature"};

const Query Queries::audit_head{"audit_head",
                                "SELECT count, mac, signature FROM audit_heads WHERE node = ?1"};

const Query Queries::audit_heads{
    "audit_heads", "SELECT node, count, mac, signature FROM audit_heads ORDER BY node"};

const Query Queries::audit_entries{
    "audit_entries",
    "SELECT node, number, at, event, actor, object, outcome, mac FROM audit"
    " ORDER BY node, number"};

const Query Queries::newest_audit{
    "newest_audit",
    "SELECT node, number, at, event, actor, object, outcome FROM audit"
    " WHERE node = ?1 ORDER BY number DESC LIMIT ?2"};

// Numbers for health

const Query Queries::delivery_tallies{
    "delivery_tallies",
    "SELECT destination, state, ifnull(error, ''), count(*), min(came_at) FROM deliveries"
    " WHERE due IS NOT NULL GROUP BY 1, 2, 3"
    " UNION ALL SELECT destination, state, ifnull(error, ''), count(*), NULL FROM deliveries"
    " WHERE due IS NULL AND state <> 'delivered' GROUP BY 1, 2, 3"};

const Query Queries::referral_tallies{"referral_tallies",
                                      "SELECT state, count(*) FROM referrals GROUP BY state"};

const Query Queries::walks{"walks",
                           "SELECT r.number, r.id, source, destination, state,"
                           " CASE WHEN ?2 = 1 THEN hidden END FROM referrals r"
                           " WHERE created_at >= ?1 ORDER BY r.number"};

const Query Queries::walk_steps{
    "walk_steps",
    "SELECT r.number, e.number, e.referral, kind, at,"
    " CASE WHEN state IN ('held', 'declined', 'cancelled')"
    " AND kind IN ('held', 'clinic_declined', 'clinic_cancelled')"
    " OR kind IN ('reminded', 'overdue', 'passed_over', 'lapsed')"
    " THEN detail END FROM referrals r"
    " JOIN events e ON e.referral = r.id WHERE created_at >= ?1 ORDER BY r.number, e.number"};

// Rows are numbered without gaps, so the last number is how many there have been.
const Query Queries::counts{
    "counts",
    "SELECT (SELECT ifnull(max(number), 0) FROM messages),"
    " (SELECT count(*) FROM messages WHERE quarantined = 1),"
    " (SELECT ifnull(max(number), 0) FROM referrals),"
    " (SELECT count(*) FROM works WHERE due <= ?1),"
    " (SELECT count(*) FROM dead_works),"
    " (SELECT ifnull(max(number), 0) FROM delivery_bodies),"
    " (SELECT count(*) FROM deliveries WHERE due IS NOT NULL),"
    " (SELECT count(*) FROM deliveries WHERE due IS NULL AND state <> 'delivered'"
    "  AND state = 'ambiguous'),"
    " (SELECT count(*) FROM deliveries WHERE due IS NULL AND state <> 'delivered'"
    "  AND state = 'dead'),"
    " (SELECT count(*) FROM deliveries WHERE due IS NULL AND state <> 'delivered'"
    "  AND state = 'superseded'),"
    " (SELECT count(*) FROM alerts WHERE acknowledged_at IS NULL)"};

const Query Queries::next_work_due{"next_work_due", "SELECT min(due) FROM works"};

const Query Queries::next_delivery_due{
    "next_delivery_due",
    "WITH RECURSIVE place (name) AS ("
    "  SELECT min(destination) FROM deliveries WHERE due IS NOT NULL"
    "  UNION ALL"
    "  SELECT (SELECT min(destination) FROM deliveries"
    "          WHERE due IS NOT NULL AND destination > place.name)"
    "  FROM place WHERE place.name IS NOT NULL),"
    " lane (number) AS (VALUES (0), (1))"
    " SELECT min((SELECT d.due FROM deliveries d"
    "    WHERE d.destination = place.name AND d.lane = lane.number AND d.due IS NOT NULL"
    "    AND (d.lane = 0 OR NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.referral = d.referral"
    "      AND o.destination = d.destination AND o.number < d.number AND o.lane = 1"
    " AND (o.due IS NOT NULL OR o.state = 'ambiguous')))"
    "    ORDER BY d.due LIMIT 1)) FROM place CROSS JOIN lane WHERE place.name IS NOT NULL"};

}  // namespace meridian::store
