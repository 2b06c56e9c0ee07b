// SPDX-License-Identifier: Apache-2.0
// Every statement of the store by name. A test asks SQLite for the plan of each that is `hot` and
// fails when one reads a whole table.
#pragma once

#include <span>

#include "store/sqlite.h"

namespace meridian::store {

/// A statement with the promise that it finds its rows by an index.
struct ListedQuery {
  const Query* query;
  bool hot;
};

/// All statements that need the schema.
std::span<const ListedQuery> all_queries();

namespace queries {

// Transactions
extern const Query begin;
extern const Query commit;
extern const Query rollback;
extern const Query savepoint;
extern const Query release_savepoint;
extern const Query undo_savepoint;

// Schema
extern const Query list_tables;
extern const Query list_versions;
extern const Query add_version;
extern const Query list_keys;
extern const Query add_key;
extern const Query quick_check;
extern const Query last_message;
extern const Query last_referral;
extern const Query last_work;
extern const Query last_facts;
extern const Query last_delivery;
extern const Query last_cursor;

// Messages
extern const Query add_message;
extern const Query message_by_key;
extern const Query message_by_id;
extern const Query messages_of;
extern const Query list_quarantine;
extern const Query end_quarantine;

// Referrals, their events and aliases
extern const Query add_referral;
extern const Query referral_number;
extern const Query referral_version;
extern const Query change_referral;
extern const Query referral_by_id;
extern const Query list_referrals;
extern const Query next_event;
extern const Query add_event;
extern const Query events_of;
extern const Query add_alias;
extern const Query alias_conflict;
extern const Query alias_referral;
extern const Query unguarded;
extern const Query shared_alias;

// Work
extern const Query add_work;
extern const Query cancel_work;
extern const Query claim_work;
extern const Query bury_work;
extern const Query finish_work;
extern const Query return_work;
extern const Query revive_work;
extern const Query end_dead_work;
extern const Query dead_works;

// Facts
extern const Query add_facts;
extern const Query facts_by_id;
extern const Query latest_facts;

// Outbox
extern const Query add_delivery;
extern const Query supersede_deliveries;
extern const Query due_destinations;
extern const Query next_in_lane;
extern const Query claim_delivery;
extern const Query add_delivery_body;
extern const Query delivery_body;
extern const Query end_delivery;
extern const Query settle_delivery;
extern const Query decide_delivery;
extern const Query deliveries_of;
extern const Query dead_letters;
extern const Query delivery_by_number;
extern const Query outbox;

// Offers
extern const Query add_offer;
extern const Query answer_offer;
extern const Query offer_loads;

// Shelves
extern const Query put_on_shelf;
extern const Query list_shelf;

// People and their sessions
extern const Query add_person;
extern const Query change_person;
extern const Query person_conflict;
extern const Query person_by_id;
extern const Query person_by_email;
extern const Query list_people;
extern const Query add_session;
extern const Query see_session;
extern const Query end_session;
extern const Query end_sessions_of;
extern const Query forget_sessions;
extern const Query session_by_key;

// Alerts and cursors
extern const Query add_alert;
extern const Query alert_by_id;
extern const Query open_alerts;
extern const Query acknowledge_alert;
extern const Query cursor_number;
extern const Query cursor_value;
extern const Query set_cursor;
extern const Query hold_lease;
extern const Query end_leases;

// Restore
extern const Query mark_deliveries;
extern const Query add_restore;
extern const Query list_restores;

// Audit
extern const Query add_audit;
extern const Query set_audit_head;
extern const Query audit_head;
extern const Query audit_heads;
extern const Query audit_entries;
extern const Query newest_audit;

// Numbers for health
extern const Query counts;
extern const Query delivery_tallies;
extern const Query referral_tallies;
extern const Query walks;
extern const Query walk_steps;
extern const Query next_work_due;
extern const Query next_delivery_due;

}  // namespace queries
}  // namespace meridian::store
