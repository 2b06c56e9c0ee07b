-- SPDX-License-Identifier: Apache-2.0
-- The first schema. Times are milliseconds since 1970-01-01T00:00:00Z. BLOB columns named in the
-- envelope's column list (envelope.h) hold sealed values; an empty value is NULL.

CREATE TABLE data_keys (
  id INTEGER PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('envelope', 'derive')),
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Messages as received. sender_id NULL: the sender gave none, so it is never a repeat.
CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  sender_id TEXT,
  media_type TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  digest BLOB NOT NULL,
  answer BLOB,
  issues BLOB,
  body BLOB
) STRICT;
CREATE UNIQUE INDEX messages_by_id ON messages (id);
CREATE UNIQUE INDEX messages_by_key ON messages (source, sender_id);
CREATE INDEX messages_quarantined ON messages (number) WHERE quarantined = 1;

-- hidden holds order_ref, patient_ref, decision and assessment.
CREATE TABLE referrals (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  direction TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  owner TEXT NOT NULL,
  worklist TEXT NOT NULL,
  destination TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  hidden BLOB
) STRICT;
CREATE UNIQUE INDEX referrals_by_id ON referrals (id);
CREATE INDEX referrals_by_state ON referrals (state);

-- Numbered per referral. actor_sequence empty: the actor numbers nothing, so it is never a repeat.
CREATE TABLE events (
  referral TEXT NOT NULL,
  number INTEGER NOT NULL,
  actor TEXT NOT NULL,
  actor_sequence TEXT NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  message TEXT,
  detail BLOB,
  PRIMARY KEY (referral, number)
) STRICT, WITHOUT ROWID;

-- value is the blind index of kind and value; referral is the number of its row. These entries are
-- written all over the table, so they are as small as can be.
CREATE TABLE aliases (
  value BLOB NOT NULL,
  referral INTEGER NOT NULL,
  PRIMARY KEY (value, referral)
) STRICT, WITHOUT ROWID;

-- In the order in which they may be claimed: a leased item again when its lease ends.
CREATE TABLE works (
  due INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  referral TEXT NOT NULL,
  unique_key TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  lease TEXT,
  owner TEXT,
  error TEXT,
  detail BLOB,
  PRIMARY KEY (due, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX works_by_key ON works (unique_key) WHERE unique_key IS NOT NULL;

-- Given up, until a person revives them. detail is moved as it is: it is bound to works and number.
CREATE TABLE dead_works (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  referral TEXT NOT NULL,
  unique_key TEXT,
  attempts INTEGER NOT NULL,
  error TEXT NOT NULL,
  detail BLOB
) STRICT;

CREATE TABLE facts (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  referral TEXT NOT NULL,
  media_type TEXT NOT NULL,
  at INTEGER NOT NULL,
  history BLOB,
  body BLOB
) STRICT;
CREATE UNIQUE INDEX facts_by_id ON facts (id);
CREATE INDEX facts_by_referral ON facts (referral, number);

-- lane 0: alerts, which wait for nothing; 1: the rest, in order per referral and destination.
-- due is when the row may be claimed, as in works: set while it is queued or in flight, and only
-- then. Conditions here and in the queries are chains of OR and <>: for a longer IN list SQLite
-- builds a table each time.
CREATE TABLE deliveries (
  referral TEXT NOT NULL,
  destination TEXT NOT NULL,
  number INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  media_type TEXT NOT NULL,
  rests_on_version INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state = 'queued' OR state = 'in_flight'
    OR state = 'delivered' OR state = 'ambiguous' OR state = 'dead' OR state = 'superseded'),
  due INTEGER,
  came_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  maybe_arrived INTEGER NOT NULL DEFAULT 0,
  lease TEXT,
  owner TEXT,
  error TEXT,
  settled_at INTEGER,
  receipt BLOB,
  PRIMARY KEY (referral, destination, number),
  CHECK ((due IS NOT NULL) = (state = 'queued' OR state = 'in_flight'))
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (destination, lane, due, number) WHERE due IS NOT NULL;
CREATE INDEX deliveries_unusual ON deliveries (state, number)
  WHERE due IS NULL AND state <> 'delivered';

-- Apart from the rows that are claimed and settled, which stay small.
CREATE TABLE delivery_bodies (
  number INTEGER PRIMARY KEY,
  body BLOB
) STRICT;

CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  referral TEXT NOT NULL,
  contact TEXT NOT NULL,
  rule TEXT NOT NULL,
  at INTEGER NOT NULL,
  level INTEGER NOT NULL DEFAULT 0,
  acknowledged_at INTEGER,
  acknowledged_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_open ON alerts (at) WHERE acknowledged_at IS NULL;

-- What was offered to whom, and how it was answered; answered_at NULL: not yet.
CREATE TABLE offers (
  referral TEXT NOT NULL,
  destination TEXT NOT NULL,
  offered_at INTEGER NOT NULL,
  answered_at INTEGER,
  answer TEXT CHECK (answer = 'accepted' OR answer = 'declined' OR answer = 'withdrawn'),
  PRIMARY KEY (referral, destination),
  CHECK ((answered_at IS NULL) = (answer IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_by_time ON offers (offered_at, destination, answered_at, answer);

-- What destinations read here, and when something of it changed last.
CREATE TABLE shelves (
  destination TEXT NOT NULL,
  referral TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (destination, referral)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelves_by_change ON shelves (destination, changed_at, referral);

CREATE TABLE cursors (
  number INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  value BLOB,
  UNIQUE (source, name)
) STRICT;

-- What one node at a time does for all, as polling a system, and what may be done once.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  ends INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX leases_by_end ON leases (ends);

-- One chain per node: mac = HMAC(key, entry and the mac before it).
CREATE TABLE audit (
  node TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  actor TEXT NOT NULL,
  object TEXT NOT NULL,
  outcome TEXT NOT NULL,
  mac BLOB NOT NULL,
  PRIMARY KEY (node, number)
) STRICT, WITHOUT ROWID;

-- Backups that were put back: between taken_at and restored_at only the peers know what happened.
CREATE TABLE restores (
  restored_at INTEGER PRIMARY KEY,
  taken_at INTEGER NOT NULL,
  cut TEXT NOT NULL
) STRICT;

-- How long each chain is and where it ends, signed: a chain cut short does not match.
CREATE TABLE audit_heads (
  node TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  mac BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT, WITHOUT ROWID;
