// SPDX-License-Identifier: Apache-2.0
// The statements about people who sign in and their sessions.
#include "store/queries.h"

namespace meridian::store {

const Query Queries::add_person{
    "add_person",
    "INSERT INTO people (id, version, role, clinic, state, failures, locked_until, invited_at,"
    " last_step, created_at, email, hidden)"
    " VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    " ON CONFLICT (id) DO NOTHING"};
const Query Queries::change_person{
    "change_person",
    "UPDATE people SET version = version + 1, role = ?2, clinic = ?3, state = ?4, failures = ?5,"
    " locked_until = ?6, invited_at = ?7, last_step = ?8, email = ?9, hidden = ?10"
    " WHERE id = ?1 AND version = ?11"};
const Query Queries::person_conflict{
    "person_conflict",
    "SELECT 1 FROM people WHERE email = ?1 AND email IS NOT NULL AND id <> ?2 LIMIT 1"};
const Query Queries::person_by_id{
    "person_by_id",
    "SELECT id, version, role, clinic, state, failures, locked_until, invited_at, last_step,"
    " created_at, hidden FROM people WHERE id = ?1"};
const Query Queries::person_by_email{
    "person_by_email",
    "SELECT id, version, role, clinic, state, failures, locked_until, invited_at, last_step,"
    " created_at, hidden FROM people WHERE email = ?1 AND email IS NOT NULL"};
const Query Queries::list_people{
    "list_people",
    "SELECT id, version, role, clinic, state, failures, locked_until, invited_at, last_step,"
    " created_at, hidden FROM people ORDER BY id"};
const Query Queries::add_session{
    "add_session", "INSERT INTO sessions (key, person, seen_at, ends_at) VALUES (?1, ?2, ?3, ?4)"};
const Query Queries::see_session{"see_session", "UPDATE sessions SET seen_at = ?2 WHERE key = ?1"};
const Query Queries::end_session{"end_session", "DELETE FROM sessions WHERE key = ?1"};
const Query Queries::end_sessions_of{"end_sessions_of", "DELETE FROM sessions WHERE person = ?1"};
const Query Queries::forget_sessions{"forget_sessions", "DELETE FROM sessions WHERE ends_at <= ?1"};
const Query Queries::session_by_key{
    "session_by_key",
    "SELECT key, person, seen_at, ends_at FROM sessions WHERE key = ?1 AND ends_at > ?2"};

}  // namespace meridian::store
