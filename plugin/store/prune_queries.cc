// SPDX-License-Identifier: Apache-2.0
// Statements of retention. ?1 and ?2: the rows after the one and up to the other. A referral r is
// needed unless it came to an end (among ?4) before ?3 and is not held (among ?5).
#include "store/queries.h"

namespace meridian::store {

// A step looks at so many rows that other writers hardly wait.
const Query Queries::last_of_messages{
    "last_of_messages",
    "SELECT max(number) FROM (SELECT number FROM messages WHERE number > ?1"
    " ORDER BY number LIMIT 500)"};
const Query Queries::last_of_referrals{
    "last_of_referrals",
    "SELECT max(number) FROM (SELECT number FROM referrals WHERE number > ?1"
    " ORDER BY number LIMIT 200)"};

const Query Queries::choose_messages{
    "choose_messages",
    "INSERT INTO pruned_messages SELECT number, id, source, sender_id, media_type, received_at,"
    " quarantined, digest, answer, issues FROM messages"
    " WHERE number > ?1 AND number <= ?2 AND received_at < ?6"
    " AND quarantined = 0 AND body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events e"
    "  JOIN referrals r ON r.id = e.referral WHERE e.message = messages.id"
    "  AND (instr(?4, ',' || r.state || ',') = 0 OR r.updated_at >= ?3"
    "   OR instr(?5, ',' || r.id || ',') <> 0))"};
const Query Queries::drop_messages{
    "drop_messages", "DELETE FROM messages WHERE number IN (SELECT number FROM pruned_messages)"};
const Query Queries::put_messages_back{
    "put_messages_back",
    "INSERT INTO messages (number, id, source, sender_id, media_type, received_at, quarantined,"
    " digest, answer, issues) SELECT number, id, source, sender_id, media_type, received_at,"
    " quarantined, digest, answer, issues FROM pruned_messages"};
const Query Queries::forget_pruned{"forget_pruned", "DELETE FROM pruned_messages"};
const Query Queries::referrals_to_prune{
    "referrals_to_prune",
    "SELECT id FROM referrals WHERE number > ?1 AND number <= ?2 AND updated_at < ?3"
    " AND instr(?4, ',' || state || ',') <> 0 AND instr(?5, ',' || id || ',') = 0"};
const Query Queries::prune_facts{"prune_facts",
                                 "UPDATE facts SET history = NULL, body = NULL WHERE referral = ?1"
                                 " AND (history IS NOT NULL OR body IS NOT NULL)"};
const Query Queries::prune_deliveries{
    "prune_deliveries",
    "UPDATE delivery_bodies SET body = NULL WHERE body IS NOT NULL AND number IN ("
    " SELECT number FROM deliveries WHERE referral = ?1"
    "  AND (state = 'delivered' OR state = 'superseded'))"};
// The last row stays: the next number is counted from it.
const Query Queries::drop_deliveries{
    "drop_deliveries",
    "DELETE FROM delivery_bodies WHERE body IS NULL AND number IN ("
    " SELECT number FROM deliveries WHERE referral = ?1"
    "  AND (state = 'delivered' OR state = 'superseded'))"
    " AND number < (SELECT max(number) FROM delivery_bodies)"};
const Query Queries::prune_shelves{
    "prune_shelves",
    "DELETE FROM shelves WHERE referral = ?1"
    " AND destination IN (SELECT destination FROM deliveries WHERE referral = ?1)"};

// What was deleted is used again, so the file is as long as it ever was.
const Query Queries::used_bytes{
    "used_bytes",
    "SELECT ((SELECT page_count FROM pragma_page_count) - (SELECT freelist_count"
    " FROM pragma_freelist_count)) * (SELECT page_size FROM pragma_page_size)"};

}  // namespace meridian::store
