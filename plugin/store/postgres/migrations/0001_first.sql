-- SPDX-License-Identifier: Apache-2.0
-- The first schema on PostgreSQL. Times are milliseconds since 1970-01-01T00:00:00Z. bytea columns
-- named in the envelope's column list (envelope.h) hold sealed values; an empty value stays empty.
-- Every number is a bigint, because the store binds no other. Text is compared byte by byte.

-- The time that leases and what is due go by: the database's, never a node's.
CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE
  AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint';

CREATE TABLE data_keys (
  id bigint PRIMARY KEY,
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('envelope', 'derive')),
  wrapped bytea NOT NULL,
  created_at bigint NOT NULL
);

-- Sealed values are bound to the number of their row, so it is taken before the row is written.
-- Nodes take many at a time; only a delivery's number says an order, and is taken one by one.
CREATE SEQUENCE row_numbers INCREMENT 64;
CREATE SEQUENCE delivery_numbers;

-- Messages as received. sender_id NULL: the sender gave none, so it is never a repeat.
CREATE TABLE messages (
  number bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  sender_id text COLLATE "C",
  media_type text COLLATE "C" NOT NULL,
  received_at bigint NOT NULL,
  quarantined bigint NOT NULL,
  digest bytea NOT NULL,
  answer bytea NOT NULL,
  issues bytea NOT NULL,
  body bytea NOT NULL
);
CREATE UNIQUE INDEX messages_by_id ON messages (id);
CREATE UNIQUE INDEX messages_by_key ON messages (source, sender_id);
CREATE INDEX messages_quarantined ON messages (number) WHERE quarantined = 1;

-- hidden holds order_ref, patient_ref, decision and assessment.
CREATE TABLE referrals (
  number bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  direction text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  owner text COLLATE "C" NOT NULL,
  worklist text COLLATE "C" NOT NULL,
  destination text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  hidden bytea NOT NULL
);
CREATE UNIQUE INDEX referrals_by_id ON referrals (id);
CREATE INDEX referrals_by_state ON referrals (state);

-- Numbered per referral. actor_sequence empty: the actor numbers nothing, so it is never a repeat.
CREATE TABLE events (
  referral text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  actor_sequence text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  message text COLLATE "C",
  detail bytea NOT NULL,
  PRIMARY KEY (referral, number)
);

-- value is the blind index of kind and value; referral is the number of its row. The second index
-- keeps two nodes from giving one name to two referrals.
CREATE TABLE aliases (
  value bytea NOT NULL,
  referral bigint NOT NULL,
  shared bigint NOT NULL,
  PRIMARY KEY (value, referral)
);
CREATE UNIQUE INDEX aliases_unshared ON aliases (value) WHERE shared = 0;

-- A leased item is due again when its lease ends.
CREATE TABLE works (
  number bigint PRIMARY KEY,
  due bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  referral text COLLATE "C" NOT NULL,
  unique_key text COLLATE "C",
  attempts bigint NOT NULL DEFAULT 0,
  lease text COLLATE "C",
  owner text COLLATE "C",
  error text COLLATE "C",
  detail bytea NOT NULL
);
CREATE INDEX works_due ON works (due, number);
CREATE UNIQUE INDEX works_by_key ON works (unique_key) WHERE unique_key IS NOT NULL;

-- Given up, until a person revives them. detail is moved as it is: it is bound to works and number.
CREATE TABLE dead_works (
  number bigint PRIMARY KEY,
  kind text COLLATE "C" NOT NULL,
  referral text COLLATE "C" NOT NULL,
  unique_key text COLLATE "C",
  attempts bigint NOT NULL,
  error text COLLATE "C" NOT NULL,
  detail bytea NOT NULL
);

CREATE TABLE facts (
  number bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL,
  referral text COLLATE "C" NOT NULL,
  media_type text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  history bytea NOT NULL,
  body bytea NOT NULL
);
CREATE UNIQUE INDEX facts_by_id ON facts (id);
CREATE INDEX facts_by_referral ON facts (referral, id);

-- lane 0: alerts, which wait for nothing; 1: the rest, in order per referral and destination.
-- due is when the row may be claimed: set while it is queued or in flight, and only then.
CREATE TABLE deliveries (
  number bigint PRIMARY KEY,
  referral text COLLATE "C" NOT NULL,
  destination text COLLATE "C" NOT NULL,
  lane bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  media_type text COLLATE "C" NOT NULL,
  rests_on_version bigint NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'in_flight', 'delivered', 'ambiguous', 'dead', 'superseded')),
  due bigint,
  came_at bigint NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  maybe_arrived bigint NOT NULL DEFAULT 0,
  lease text COLLATE "C",
  owner text COLLATE "C",
  error text COLLATE "C",
  settled_at bigint,
  receipt bytea NOT NULL DEFAULT '',
  CHECK ((due IS NOT NULL) = (state IN ('queued', 'in_flight')))
);
CREATE INDEX deliveries_by_referral ON deliveries (referral, destination, number);
CREATE INDEX deliveries_due ON deliveries (destination, lane, due, number) WHERE due IS NOT NULL;
CREATE INDEX deliveries_unusual ON deliveries (state, number)
  WHERE due IS NULL AND state <> 'delivered';

-- Apart from the rows that are claimed and settled, which stay small.
CREATE TABLE delivery_bodies (
  number bigint PRIMARY KEY,
  body bytea NOT NULL
);

CREATE TABLE alerts (
  id text COLLATE "C" PRIMARY KEY,
  referral text COLLATE "C" NOT NULL,
  contact text COLLATE "C" NOT NULL,
  rule text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  level bigint NOT NULL DEFAULT 0,
  acknowledged_at bigint,
  acknowledged_by text COLLATE "C"
);
CREATE INDEX alerts_open ON alerts (at) WHERE acknowledged_at IS NULL;

-- What was offered to whom, and how it was answered; answered_at NULL: not yet.
CREATE TABLE offers (
  referral text COLLATE "C" NOT NULL,
  destination text COLLATE "C" NOT NULL,
  offered_at bigint NOT NULL,
  answered_at bigint,
  answer text COLLATE "C" CHECK (answer IN ('accepted', 'declined', 'withdrawn')),
  PRIMARY KEY (referral, destination),
  CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX offers_by_time ON offers (offered_at, destination, answered_at, answer);

-- What destinations read here, and when something of it changed last.
CREATE TABLE shelves (
  destination text COLLATE "C" NOT NULL,
  referral text COLLATE "C" NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (destination, referral)
);
CREATE INDEX shelves_by_change ON shelves (destination, changed_at, referral);

-- value is bound to source and name: two nodes may make the row at the same time.
CREATE TABLE cursors (
  source text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (source, name)
);

-- What one node at a time does for all, as polling a system, and what may be done once.
CREATE TABLE leases (
  name text COLLATE "C" PRIMARY KEY,
  owner text COLLATE "C" NOT NULL,
  ends bigint NOT NULL
);
CREATE INDEX leases_by_end ON leases (ends);

-- One chain per node: mac = HMAC(key, entry and the mac before it).
CREATE TABLE audit (
  node text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  at bigint NOT NULL,
  event text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  object text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (node, number)
);

-- Backups that were put back: between taken_at and restored_at only the peers know what happened.
CREATE TABLE restores (
  restored_at bigint PRIMARY KEY,
  taken_at bigint NOT NULL,
  cut text COLLATE "C" NOT NULL
);

-- How long each chain and where it ends, signed: a chain cut short does not match.
CREATE TABLE audit_heads (
  node text COLLATE "C" PRIMARY KEY,
  count bigint NOT NULL,
  mac bytea NOT NULL,
  signature bytea NOT NULL
);

-- How many rows each node has added, because counting them all reads them all.
CREATE TABLE totals (
  node text COLLATE "C" PRIMARY KEY,
  messages bigint NOT NULL,
  referrals bigint NOT NULL,
  deliveries bigint NOT NULL
);
