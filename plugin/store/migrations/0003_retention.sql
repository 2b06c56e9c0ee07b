-- SPDX-License-Identifier: Apache-2.0
-- Which referrals rest on a message: asked before its body goes. An empty body is one that is kept
-- no more; the row stays, so that a repeat is still one.

CREATE INDEX events_by_message ON events (message) WHERE message IS NOT NULL;

-- Rows of messages while their bodies are taken away; empty between two commits. They are written
-- anew without the bodies: SQLite gives the room in a row that became shorter to nobody.
CREATE TABLE pruned_messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  sender_id TEXT,
  media_type TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  digest BLOB NOT NULL,
  answer BLOB,
  issues BLOB
) STRICT;
