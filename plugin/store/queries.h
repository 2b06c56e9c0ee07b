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

struct Queries {
  // Transactions
  static const Query begin;
  static const Query commit;
  static const Query rollback;
  static const Query savepoint;
  static const Query release_savepoint;
  static const Query undo_savepoint;

  // Schema
  static const Query list_tables;
  static const Query list_versions;
  static const Query add_version;
  static const Query list_keys;
  static const Query add_key;
  static const Query quick_check;
  static const Query last_message;
  static const Query last_referral;
  static const Query last_work;
  static const Query last_facts;
  static const Query last_delivery;
  static const Query last_cursor;

  // Messages
  static const Query add_message;
  static const Query message_by_key;
  static const Query message_by_id;
  static const Query messages_of;
  static const Query list_quarantine;
  static const Query end_quarantine;

  // Referrals, their events and aliases
  static const Query add_referral;
  static const Query referral_number;
  static const Query referral_version;
  static const Query change_referral;
  static const Query referral_by_id;
  static const Query list_referrals;
  static const Query next_event;
  static const Query add_event;
  static const Query events_of;
  static const Query add_alias;
  static const Query alias_conflict;
  static const Query alias_referral;
  static const Query unguarded;
  static const Query shared_alias;

  // Work
  static const Query add_work;
  static const Query cancel_work;
  static const Query claim_work;
  static const Query bury_work;
  static const Query finish_work;
  static const Query return_work;
  static const Query revive_work;
  static const Query end_dead_work;
  static const Query dead_works;

  // Facts
  static const Query add_facts;
  static const Query facts_by_id;
  static const Query latest_facts;

  // Outbox
  static const Query add_delivery;
  static const Query supersede_deliveries;
  static const Query due_destinations;
  static const Query next_in_lane;
  static const Query claim_delivery;
  static const Query add_delivery_body;
  static const Query delivery_body;
  static const Query end_delivery;
  static const Query settle_delivery;
  static const Query decide_delivery;
  static const Query deliveries_of;
  static const Query dead_letters;
  static const Query delivery_by_number;
  static const Query outbox;

  // Offers
  static const Query add_offer;
  static const Query answer_offer;
  static const Query offer_loads;

  // Shelves
  static const Query put_on_shelf;
  static const Query list_shelf;

  // People and their sessions
  static const Query add_person;
  static const Query change_person;
  static const Query person_conflict;
  static const Query person_by_id;
  static const Query person_by_email;
  static const Query list_people;
  static const Query add_session;
  static const Query see_session;
  static const Query end_session;
  static const Query end_sessions_of;
  static const Query forget_sessions;
  static const Query session_by_key;

  // Alerts and cursors
  static const Query add_alert;
  static const Query alert_by_id;
  static const Query open_alerts;
  static const Query acknowledge_alert;
  static const Query cursor_number;
  static const Query cursor_value;
  static const Query set_cursor;
  static const Query hold_lease;
  static const Query end_leases;

  // Retention
  static const Query last_of_messages;
  static const Query last_of_referrals;
  static const Query choose_messages;
  static const Query drop_messages;
  static const Query put_messages_back;
  static const Query forget_pruned;
  static const Query referrals_to_prune;
  static const Query prune_facts;
  static const Query prune_deliveries;
  static const Query drop_deliveries;
  static const Query prune_shelves;
  static const Query used_bytes;

  // Restore
  static const Query mark_deliveries;
  static const Query add_restore;
  static const Query list_restores;

  // Audit
  static const Query add_audit;
  static const Query set_audit_head;
  static const Query audit_head;
  static const Query audit_heads;
  static const Query audit_entries;
  static const Query newest_audit;

  // Numbers for health
  static const Query counts;
  static const Query delivery_tallies;
  static const Query referral_tallies;
  static const Query walks;
  static const Query walk_steps;
  static const Query next_work_due;
  static const Query next_delivery_due;
};
}  // namespace meridian::store
