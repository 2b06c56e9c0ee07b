// SPDX-License-Identifier: Apache-2.0
// What an operation on the writer's thread works with.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/audit_check.h"
#include "store/envelope.h"
#include "store/postgres/database.h"
#include "store/rows.h"

namespace meridian::store::postgres {

/// What a session knows of its transaction; put back to a copy when a part of it is undone.
struct Memory {
  std::int64_t messages = 0;      ///< added
  std::int64_t referrals = 0;     ///< added
  std::int64_t deliveries = 0;    ///< added
  std::optional<AuditEnd> audit;  ///< end of this node's chain, once its head is locked
  bool audited = false;           ///< the chain has grown
  std::set<std::int64_t> lines;   ///< locks that are held to the end of the transaction
  /// The referral that was added last, so that what comes with it need not look for its number.
  ReferralId newest;
  std::int64_t newest_number = 0;
};

/// Row numbers, taken from the database many at a time. They may have gaps.
class NumberStock {
 public:
  Result<std::int64_t> next(Connection& db);

 private:
  static constexpr std::int64_t block = 64;  ///< INCREMENT of the sequence row_numbers
  std::int64_t next_ = 0;
  std::int64_t left_ = 0;
};

/// A transaction under way, and all that goes with it.
struct Session {
  using Db = Postgres;

  Connection& db;
  const Envelope& envelope;
  const std::string& node;
  const Hmac& audit_key;
  NumberStock& numbers;
  Instant now;  ///< the database's time when the transaction began
  Memory memory = {};

  Result<std::int64_t> next_number() { return numbers.next(db); }
};

inline Instant now_of(const Session& session) {
  return session.now;
}

/// A lock's key from what it is about.
std::int64_t lock_key(std::string_view kind, std::string_view name);

/// Holds the lines of referrals to the end of the transaction: events and deliveries of one are
/// numbered by one transaction at a time, so that they become visible in the order of their
/// numbers. Everybody takes them in one order, so that two who need the same ones do not cross.
Result<void> hold_lines(Session& session, const std::vector<ReferralId>& referrals);

}  // namespace meridian::store::postgres
