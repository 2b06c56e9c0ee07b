// SPDX-License-Identifier: Apache-2.0
#include "store/audit.h"

#include "store/audit_check.h"
#include "store/queries.h"
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.audit";

Result<void> check_entries(Connection& db, AuditCheck& check, const SeeEntry& see) {
  auto rows = db.select(Queries::audit_entries);
  while (rows.next()) {
    const ChainedRow row{{{rows.text(3), rows.text(4), rows.text(5), rows.text(6)},
                          rows.integer(1),
                          rows.instant(2)},
                         rows.text(0)};
    if (see) see(row);
    check.entry({row.node, row.number, row.at, row.event, row.actor, row.object, row.outcome},
                rows.view(7));
  }
  if (rows.failed()) return rows.error(where);
  return {};
}

Result<void> check_heads(Connection& db, AuditCheck& check) {
  auto rows = db.select(Queries::audit_heads);
  while (rows.next()) {
    const std::string node = rows.text(0);
    const auto fits = check.head({node, rows.integer(1), rows.view(2), rows.view(3)});
    if (!fits) return fits;
  }
  if (rows.failed()) return rows.error(where);
  return {};
}

Result<std::int64_t> verify_inside(Connection& db, const Hmac& key, const SeeEntry& see) {
  AuditCheck check(key);
  if (auto walked = check_entries(db, check, see); !walked) return walked.error();
  if (auto fits = check_heads(db, check); !fits) return fits.error();
  return check.result();
}

}  // namespace

Result<void> AuditChain::load(Connection& db, bool may_begin) {
  {
    auto rows = db.select(Queries::audit_head, node_);
    if (rows.next()) {
      const auto end = audit_end_of({node_, rows.integer(0), rows.view(1), rows.view(2)});
      if (!end) return end.error();
      end_ = *end;
      written_ = end_.count;
      return {};
    }
    if (rows.failed()) return rows.error(where);
  }
  // A head that should be there and is not is left for verify_audit to report.
  if (!may_begin) return {};
  written_ = -1;
  return write_head(db);
}

Result<void> AuditChain::append(Connection& db, const NewAudit& entry, Instant at) {
  const auto number = end_.count + 1;
  const auto mac = audit_entry_mac(
      key_, {node_, number, at, entry.event, entry.actor, entry.object, entry.outcome}, end_.mac);
  const auto added = db.change(Queries::add_audit, node_, number, at, entry.event, entry.actor,
                               entry.object, entry.outcome, std::span<const std::uint8_t>(mac));
  if (!added) return added.error();
  end_ = {number, mac};
  return {};
}

Result<void> AuditChain::write_head(Connection& db) {
  if (end_.count == written_) return {};
  const auto signature = audit_head_mac(key_, node_, end_);
  const auto set =
      db.change(Queries::set_audit_head, node_, end_.count, std::span<const std::uint8_t>(end_.mac),
                std::span<const std::uint8_t>(signature));
  if (!set) return set.error();
  return {};
}

Result<std::int64_t> verify_audit(Connection& db, const SecretKey& key, const SeeEntry& see) {
  if (auto begun = db.execute("BEGIN"); !begun) return begun.error();
  auto verified = verify_inside(db, Hmac(key), see);
  const auto ended = db.execute("ROLLBACK");
  if (verified && !ended) return ended.error();
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
    row.number = rows.integer(1);
    row.at = rows.instant(2);
    row.event = rows.text(3);
    row.actor = rows.text(4);
    row.object = rows.text(5);
    row.outcome = rows.text(6);
    list.push_back(std::move(row));
  }
  if (rows.failed()) return rows.error(where);
  return list;
}

}  // namespace meridian::store
