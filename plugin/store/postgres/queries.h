// SPDX-License-Identifier: Apache-2.0
// Every statement of the store on PostgreSQL by name. A test fills the tables, asks the server for
// the plan of each that is `hot`, and fails when one reads a whole table.
#pragma once

#include <span>

#include "store/postgres/connection.h"

namespace meridian::store::postgres {

/// A statement with the promise that it finds its rows by an index.
struct ListedQuery {
  const Query* query;
  bool hot;
};

/// All statements on the tables of the schema.
std::span<const ListedQuery> all_queries();

struct Queries {
  static const Query server_state;
  static const Query wait_in_transaction;
  static const Query take_node;
  static const Query end_backend;
  static const Query transaction_state;
  static const Query list_tables;
  static const Query list_versions;
  static const Query add_version;
  static const Query list_keys;
  static const Query add_key;

  static const Query end_transaction;
  static const Query transaction_id;

  static const Query row_numbers;
  static const Query delivery_number;

  static const Query add_message;
  static const Query message_by_key;
  static const Query message_by_id;
  static const Query messages_of;
  static const Query end_quarantine;
  static const Query list_quarantine;

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

  static const Query add_work;
  static const Query cancel_work;

  static const Query claim_work;
  static const Query finish_work;
  static const Query return_work;
  static const Query bury_work;
  static const Query revive_work;
  static const Query end_dead_work;
  static const Query dead_works;

  static const Query add_facts;
  static const Query facts_by_id;
  static const Query latest_facts;

  static const Query add_delivery;
  static const Query delivery_body;
  static const Query supersede_deliveries;

  static const Query due_destinations;

  static const Query claim_delivery;
  static const Query end_delivery;
  static const Query settle_delivery;
  static const Query decide_delivery;
  static const Query deliveries_of;
  static const Query delivery_by_number;
  static const Query outbox;
  static const Query dead_letters;

  static const Query add_offer;
  static const Query answer_offer;
  static const Query offer_loads;

  static const Query put_on_shelf;
  static const Query list_shelf;

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

  static const Query add_alert;
  static const Query alert_by_id;
  static const Query open_alerts;
  static const Query acknowledge_alert;
  static const Query cursor_value;
  static const Query set_cursor;
  static const Query hold_lease;
  static const Query end_leases;

  static const Query mark_deliveries;
  static const Query add_restore;
  static const Query list_restores;

  static const Query add_audit;
  static const Query set_audit_head;
  static const Query hold_audit_head;
  static const Query audit_head;
  static const Query audit_heads;
  static const Query some_audit;
  static const Query audit_entries;
  static const Query newest_audit;

  static const Query delivery_tallies;
  static const Query referral_tallies;
  static const Query walks;
  static const Query walk_steps;
  static const Query counts;
  static const Query next_due;

  static const Query make_body_months;
  static const Query oldest_body_month;
  static const Query drop_body_month;
  static const Query keep_messages;
  static const Query keep_facts;
  static const Query keep_deliveries;
  static const Query last_of_messages;
  static const Query last_of_facts;
  static const Query last_of_deliveries;
  static const Query prune_messages;
  static const Query prune_facts;
  static const Query prune_deliveries;
  static const Query prune_shelves;
  static const Query used_bytes;
};
}  // namespace meridian::store::postgres
