// SPDX-License-Identifier: Apache-2.0
// A database that was put back from a backup: what may have happened since is marked.
#include "store/postgres/audit.h"
#include "store/postgres/operations.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.restored";

/// "node-1:812 node-2:7", this node's own chain with what this transaction wrote.
Result<std::string> chain_lengths(Session& session) {
  if (auto written = write_audit_head(session); !written) return written.error();
  std::string lengths;
  auto rows = session.db.select(Queries::audit_heads);
  while (rows.next()) {
    lengths += (lengths.empty() ? "" : " ") + rows.text(0) + ":" + std::to_string(rows.integer(1));
  }
  if (rows.failed()) return rows.error(where);
  return lengths;
}

}  // namespace

Result<std::int64_t> mark_restored(Session& session, Instant taken_at, std::string_view by) {
  const auto cut = chain_lengths(session);
  if (!cut) return cut.error();
  const auto marked = session.db.change(Queries::mark_deliveries, session.now);
  if (!marked) return marked.error();
  const auto kept = session.db.change(Queries::add_restore, session.now, taken_at, *cut);
  if (!kept) return kept.error();
  const auto audited = append_audit(
      session,
      {"Restored", std::string(by), "backup of " + to_string(taken_at) + ", " + *cut, "success"});
  if (!audited) return audited.error();
  return *marked;
}

}  // namespace meridian::store::postgres
