-- SPDX-License-Identifier: Apache-2.0
-- People who sign in, and their sessions.

-- email is a blind index, NULL: nobody is found by it. hidden holds name, e-mail and credentials,
-- and is bound to the id.
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  role TEXT NOT NULL,
  clinic TEXT NOT NULL,
  state TEXT NOT NULL,
  failures INTEGER NOT NULL,
  locked_until INTEGER,
  invited_at INTEGER,
  last_step INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  email BLOB,
  hidden BLOB
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX people_by_email ON people (email) WHERE email IS NOT NULL;

-- key is the hash of a secret that only the person's browser has.
CREATE TABLE sessions (
  key TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_end ON sessions (ends_at);
