// SPDX-License-Identifier: Apache-2.0
// The audit: one HMAC chain per node, and a signed head that says how long it is.
#pragma once

#include <cstdint>
#include <string>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "store/audit_check.h"
#include "store/audit_walk.h"
#include "store/hmac.h"
#include "store/rows.h"
#include "store/site_key.h"

namespace meridian::store {

class Connection;

/// The end of this node's chain; written by the one thread that writes. Each entry carries the code
/// of audit_entry_mac. The head row signs count and last mac, so that entries cut off
/// at the end are missed as well. A whole database put back to an older copy agrees with itself:
/// only a head that was exported before can show that.
class AuditChain {
 public:
  AuditChain(std::string node, const SecretKey& key) : node_(std::move(node)), key_(key) {}

  using End = AuditEnd;  ///< where the chain ends; what a rollback goes back to

  /// Reads the head of this node. `may_begin`: there may be none yet, and one is written.
  Result<void> load(Connection& db, bool may_begin);
  Result<void> append(Connection& db, const NewAudit& entry, Instant at);
  /// Writes the head when the chain has grown since; once per group.
  Result<void> write_head(Connection& db);

  const End& end() const { return end_; }
  void go_back(const End& end) { end_ = end; }
  /// Called when the group is durable.
  void committed() { written_ = end_.count; }

 private:
  std::string node_;
  Hmac key_;
  End end_;
  std::int64_t written_ = 0;
};

/// Checks every chain against its entries and its head, in one snapshot of `db`.
/// `see`, when given, is shown each entry before it is checked. Errors: store_damaged with the
/// number of the first bad entry.
Result<std::int64_t> verify_audit(Connection& db, const SecretKey& key, const SeeEntry& see = {});

/// The signed head of a node, for export.
Result<AuditHead> read_audit_head(Connection& db, const std::string& node);

/// The newest entries of a node, newest first.
Result<std::vector<AuditRow>> read_audit(Connection& db, const std::string& node, int limit);

}  // namespace meridian::store
