// SPDX-License-Identifier: Apache-2.0
#include "store/restored.h"

#include "store/queries.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.restored";

/// "node-1:812 node-2:7", this node's own chain with what it wrote since it was opened.
Result<std::string> chain_lengths(Session& session) {
  if (auto written = session.audit.write_head(session.db); !written) return written.error();
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
  const auto now = session.clock();
  const auto cut = chain_lengths(session);
  if (!cut) return cut.error();
  const auto marked = session.db.change(Queries::mark_deliveries, now);
  if (!marked) return marked.error();
  const auto kept = session.db.change(Queries::add_restore, now, taken_at, *cut);
  if (!kept) return kept.error();
  const auto audited = session.audit.append(
      session.db,
      {"Restored", std::string(by), "backup of " + to_string(taken_at) + ", " + *cut, "success"},
      now);
  if (!audited) return audited.error();
  return *marked;
}

}  // namespace meridian::store
