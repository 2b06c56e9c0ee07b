// SPDX-License-Identifier: Apache-2.0
// What an operation on the writer's thread works with.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/audit.h"
#include "store/envelope.h"
#include "store/lease.h"
#include "store/sqlite_database.h"

namespace meridian::store {

/// The last row number used per table. Sealed values are bound to their row's number, so it has to
/// be known before the row is written; there is only one writer, so counting here is enough.
/// Numbers have no gaps, so that the last one is also how many there have been.
struct RowNumbers {
  std::int64_t message = 0;
  std::int64_t referral = 0;
  std::int64_t work = 0;
  std::int64_t facts = 0;
  std::int64_t delivery = 0;
  std::int64_t cursor = 0;
};

Result<RowNumbers> load_row_numbers(Connection& db);

/// The writer's connection and all that goes with it.
struct Session {
  using Db = Sqlite;

  Connection& db;
  const Envelope& envelope;
  const Clock& clock;
  AuditChain& audit;
  RowNumbers numbers;
  /// The referral that was added last, so that what comes with it need not look for its number.
  struct {
    ReferralId id;
    std::int64_t number = 0;
  } newest = {};
};

inline Instant now_of(const Session& session) {
  return session.clock();
}

/// What a session remembers of rows that are not committed yet; put back when they are rolled back.
class Bookmark {
 public:
  explicit Bookmark(const Session& session)
      : numbers_(session.numbers), audit_(session.audit.end()) {}
  void restore(Session& session) const {
    session.numbers = numbers_;
    session.newest = {};
    session.audit.go_back(audit_);
  }

 private:
  RowNumbers numbers_;
  AuditChain::End audit_;
};

}  // namespace meridian::store
