-- SPDX-License-Identifier: Apache-2.0
-- People who sign in, and their sessions.

-- email is a blind index, empty: nobody is found by it. hidden holds name, e-mail and credentials,
-- and is bound to the id.
CREATE TABLE people (
  id text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  role text COLLATE "C" NOT NULL,
  clinic text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  failures bigint NOT NULL,
  locked_until bigint,
  invited_at bigint,
  last_step bigint NOT NULL,
  created_at bigint NOT NULL,
  email bytea NOT NULL,
  hidden bytea NOT NULL
);
CREATE UNIQUE INDEX people_by_email ON people (email) WHERE email <> '';

-- key is the hash of a secret that only the person's browser has.
CREATE TABLE sessions (
  key text COLLATE "C" PRIMARY KEY,
  person text COLLATE "C" NOT NULL,
  seen_at bigint NOT NULL,
  ends_at bigint NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_end ON sessions (ends_at);
