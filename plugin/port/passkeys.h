// SPDX-License-Identifier: Apache-2.0
// Passkeys of people who sign in: making, showing and removing them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "port/caller.h"
#include "port/passkey.h"

namespace meridian {

/// One of a person's passkeys, as a list shows it.
struct PasskeyLine {
  std::string id;    ///< base64url
  std::string name;  ///< as the person calls it
  Instant since;
};

/// What a browser needs to make one.
struct PasskeyOffer {
  std::string challenge;           ///< base64url, good for five minutes and once
  std::string site;                ///< PasskeySite::id
  std::string user;                ///< base64url of the person's id
  std::string name;                ///< by which the person signs in
  std::vector<std::string> known;  ///< ids of those that they have, base64url
};

/// Implemented by flow; thread-safe, blocking. Errors besides those named: store errors.
class Passkeys {
 public:
  virtual ~Passkeys() = default;

  /// A challenge to sign in with, base64url; good for five minutes and once.
  virtual std::string challenge() = 0;
  /// A new session: its secret. unauthorized, with one answer, for whatever was wrong.
  virtual Result<std::string> sign_in(const PasskeyShown& shown) = 0;

  /// All below are for the person who is signed in as the caller. Errors besides: not_found.
  virtual Result<PasskeyOffer> offer(const Caller& caller) = 0;
  /// Errors: unauthorized (what the browser sent does not hold), conflict (somebody has this one),
  /// too_large (they have as many as they may).
  virtual Result<void> add(const Caller& caller, const PasskeyMade& made,
                           std::string_view name) = 0;
  virtual Result<std::vector<PasskeyLine>> list(const Caller& caller) = 0;
  virtual Result<void> remove(const Caller& caller, std::string_view id) = 0;
};

}  // namespace meridian
