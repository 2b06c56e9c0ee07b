// SPDX-License-Identifier: Apache-2.0
// The audit on PostgreSQL: a chain per node, whose head row is locked while it grows.
#pragma once

#include "base/result.h"
#include "store/audit_walk.h"
#include "store/postgres/session.h"
#include "store/site_key.h"

namespace meridian::store::postgres {

/// Writes the first head of a node, signed with `key`.
Result<void> begin_chain(Connection& db, const std::string& node, const SecretKey& key);

Result<void> append_audit(Session& session, const NewAudit& entry);

/// Writes the head when the chain has grown; at the end of the transaction.
Result<void> write_audit_head(Session& session);

/// See the operations of the same names in Store. `see`, when given, is shown each entry.
Result<std::int64_t> verify_audit(Connection& db, const SecretKey& key, const SeeEntry& see = {});
Result<AuditHead> read_audit_head(Connection& db, const std::string& node);
Result<std::vector<AuditRow>> read_audit(Connection& db, const std::string& node, int limit);

}  // namespace meridian::store::postgres
