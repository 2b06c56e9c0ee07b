// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/audit.h"

#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.audit";

Result<void> set_head(Connection& db, const Hmac& key, const std::string& node,
                      const AuditEnd& end) {
  const auto signature = audit_head_mac(key, node, end);
  const auto set =
      db.change(Queries::set_audit_head, node, end.count, Blob(end.mac), Blob(signature));
  if (!set) return set.error();
  return {};
}

/// Locks this node's head for the rest of the transaction and reads where the chain ends.
Result<void> hold_head(Session& session) {
  if (session.memory.audit) return {};
  auto rows = session.db.select(Queries::hold_audit_head, session.node);
  if (rows.next()) {
    const auto end = audit_end_of({session.node, rows.integer(0), rows.view(1), rows.view(2)});
    if (!end) return end.error();
    session.memory.audit = *end;
    return {};
  }
  if (rows.failed()) return rows.error(where);
  return Error{ErrorCode::store_damaged, where, "the audit chain has no head"};
}

/// Page by page: the chain may be longer than what fits into memory.
Result<void> check_entries(Connection& db, AuditCheck& check, const SeeEntry& see) {
  std::string node;
  std::int64_t number = 0;
  for (bool more = true; more;) {
    more = false;
    auto rows = db.select(Queries::audit_entries, node, number);
    while (rows.next()) {
      more = true;
      node = rows.text(0);
      number = rows.integer(1);
      const ChainedRow row{
          {{rows.text(3), rows.text(4), rows.text(5), rows.text(6)}, number, rows.instant(2)},
          node};
      if (see) see(row);
      check.entry({node, number, row.at, row.event, row.actor, row.object, row.outcome},
                  rows.view(7));
    }
    if (rows.failed()) return rows.error(where);
  }
  return {};
}

Result<std::int64_t> verify_inside(Connection& db, const Hmac& key, const SeeEntry& see) {
  AuditCheck check(key);
  if (auto walked = check_entries(db, check, see); !walked) return walked.error();
  auto rows = db.select(Queries::audit_heads);
  while (rows.next()) {
    const auto fits = check.head({rows.view(0), rows.integer(1), rows.view(2), rows.view(3)});
    if (!fits) return fits.error();
  }
  if (rows.failed()) return rows.error(where);
  return check.result();
}

}  // namespace

Result<void> begin_chain(Connection& db, const std::string& node, const SecretKey& key) {
  return set_head(db, Hmac(key), node, {});
}

Result<void> append_audit(Session& session, const NewAudit& entry) {
  if (auto held = hold_head(session); !held) return held;
  auto& end = *session.memory.audit;
  const auto number = end.count + 1;
  const auto mac = audit_entry_mac(
      session.audit_key,
      {session.node, number, session.now, entry.event, entry.actor, entry.object, entry.outcome},
      end.mac);
  const auto added =
      session.db.change(Queries::add_audit, session.node, number, session.now, entry.event,
                        entry.actor, entry.object, entry.outcome, Blob(mac));
  if (!added) return added.error();
  end = {number, mac};
  session.memory.audited = true;
  return {};
}

Result<void> write_audit_head(Session& session) {
  if (!session.memory.audited) return {};
  return set_head(session.db, session.audit_key, session.node, *session.memory.audit);
}

Result<std::int64_t> verify_audit(Connection& db, const SecretKey& key, const SeeEntry& see) {
  const auto begun = db.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (begun.failed()) return begun.error(where);
  auto verified = verify_inside(db, Hmac(key), see);
  const auto ended = db.script("ROLLBACK");
  if (verified && ended.failed()) return ended.error(where);
  return verified;
}

Result<AuditHead> read_audit_head(Connection& db, const std::string& node) {
  auto rows = db.select(Queries::audit_head, node);
  if (rows.next()) {
    const auto bytes = [](std::string_view text) {
      return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    };
    return AuditHead{node, rows.integer(0), hex(bytes(rows.view(1))), hex(bytes(rows.view(2)))};
  }
  if (rows.failed()) return rows.error(where);
  return Error{ErrorCode::store_damaged, where, "the audit chain has no head"};
}

Result<std::vector<AuditRow>> read_audit(Connection& db, const std::string& node, int limit) {
  std::vector<AuditRow> list;
  auto rows = db.select(Queries::newest_audit, node, limit);
  while (rows.next()) {
    AuditRow row;
    row.number = rows.integer(0);
    row.at = rows.instant(1);
    row.event = rows.text(2);
    row.actor = rows.text(3);
    row.object = rows.text(4);
    row.outcome = rows.text(5);
    list.push_back(std::move(row));
  }
  if (rows.failed()) return rows.error(where);
  return list;
}

}  // namespace meridian::store::postgres
