// SPDX-License-Identifier: Apache-2.0
// People who sign in, and their sessions, as the store keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"

namespace meridian::store {

/// What a person signs in with.
struct Credentials {
  std::string password;    ///< as hash_password gives it; empty: none yet
  std::string code_key;    ///< of the one-time codes: raw bytes
  std::string recoveries;  ///< hashes of the recovery codes that are left, separated by spaces
};

/// Somebody who signs in. Name, e-mail and credentials are kept sealed.
struct PersonRow {
  std::string id;            ///< a ULID; what the audit calls them
  std::int64_t version = 0;  ///< counts changes; 0: new. A change names the one it rests on
  std::string role;          ///< clinic, viewer, operator, ...
  DestinationId clinic;      ///< of role clinic: the configured clinic
  std::string state;         ///< invited, active, locked or removed
  int failures = 0;          ///< wrong sign-ins since the last right one
  std::optional<Instant> locked_until;  ///< after several of them
  std::optional<Instant> invited_at;    ///< of the link that is good; none: no link is
  std::int64_t last_step = 0;           ///< of the last one-time code taken: no code counts twice
  Instant created_at;
  std::string name;
  std::string email;     ///< unique, found by blind index; empty: nobody is found by it
  Credentials current;   ///< what counts
  Credentials proposed;  ///< of an enrolment that is not confirmed yet
  std::string identity;  ///< at the site's OpenID provider: issuer, a space, subject; empty: none
  std::string passkeys;  ///< as flow/passkeys.cc writes them; empty: none
};

/// A person who is signed in.
struct SessionRow {
  std::string key;     ///< SHA-256 of the secret in the cookie, hexadecimal
  std::string person;  ///< id
  Instant seen_at;
  Instant ends_at;  ///< whatever happens; the store forgets it then
};

/// What happens to a session.
struct SessionChange {
  enum class What {
    begins,
    is_seen,  ///< seen_at alone changes; nothing when it has ended
    ends,     ///< by its key
    all_end,  ///< those of the person
  };
  What what = What::begins;
  SessionRow row;
};

}  // namespace meridian::store
