// SPDX-License-Identifier: Apache-2.0
#include "store/audit.h"

#include <algorithm>
#include <map>

#include <openssl/crypto.h>

#include "store/queries.h"
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.audit";

std::string_view view(const Sha256& mac) {
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

/// Parts after their lengths, so that no two lists of parts give the same text.
class Parts {
 public:
  Parts& add(std::string_view part) {
    number(static_cast<std::int64_t>(part.size()));
    text_.append(part);
    return *this;
  }
  Parts& number(std::int64_t value) {
    for (int i = 7; i >= 0; --i) text_.push_back(static_cast<char>(value >> (8 * i)));
    return *this;
  }
  Sha256 mac(const Hmac& key) const { return key.of(text_); }

 private:
  std::string text_;
};

struct Entry {
  std::string_view node;
  std::int64_t number;
  Instant at;
  std::string_view event;
  std::string_view actor;
  std::string_view object;
  std::string_view outcome;
};

Sha256 entry_mac(const Hmac& key, const Entry& entry, const Sha256& before) {
  Parts parts;
  parts.add("entry").number(entry.number).number(entry.at.time_since_epoch().count());
  parts.add(entry.node).add(entry.event).add(entry.actor).add(entry.object).add(entry.outcome);
  parts.add(view(before));
  return parts.mac(key);
}

Sha256 head_mac(const Hmac& key, std::string_view node, const AuditChain::End& end) {
  return Parts().add("head").add(node).number(end.count).add(view(end.mac)).mac(key);
}

bool same(const Sha256& expected, std::string_view stored) {
  return stored.size() == expected.size() &&
         CRYPTO_memcmp(expected.data(), stored.data(), expected.size()) == 0;
}

Error bad_entry(std::int64_t number) {
  return {ErrorCode::store_damaged, where, "the audit chain is broken", number};
}

/// Walks every entry; the value is where each node's chain ends.
Result<std::map<std::string, AuditChain::End>> walk(Connection& db, const Hmac& key) {
  std::map<std::string, AuditChain::End> ends;
  auto rows = db.select(queries::audit_entries);
  while (rows.next()) {
    auto& end = ends[rows.text(0)];
    const std::string node = rows.text(0);
    const std::string event = rows.text(3);
    const std::string actor = rows.text(4);
    const std::string object = rows.text(5);
    const std::string outcome = rows.text(6);
    const Entry entry{node, rows.integer(1), rows.instant(2), event, actor, object, outcome};
    const auto mac = entry_mac(key, entry, end.mac);
    if (entry.number != end.count + 1 || !same(mac, rows.view(7))) return bad_entry(end.count + 1);
    end = {entry.number, mac};
  }
  if (rows.failed()) return rows.error(where);
  return ends;
}

/// Every chain has a head that is signed and fits; every database has at least one head.
Result<std::int64_t> check_heads(Connection& db, const Hmac& key,
                                 std::map<std::string, AuditChain::End> ends) {
  std::int64_t total = 0;
  int heads = 0;
  auto rows = db.select(queries::audit_heads);
  while (rows.next()) {
    const std::string node = rows.text(0);
    const auto end = ends[node];
    ends.erase(node);
    const bool fits = rows.integer(1) == end.count && same(end.mac, rows.view(2)) &&
                      same(head_mac(key, node, end), rows.view(3));
    if (!fits) return bad_entry(std::min(rows.integer(1), end.count) + 1);
    total += end.count;
    ++heads;
  }
  if (rows.failed()) return rows.error(where);
  if (heads == 0 || !ends.empty()) return bad_entry(1);
  return total;
}

Result<std::int64_t> verify_inside(Connection& db, const Hmac& key) {
  auto ends = walk(db, key);
  if (!ends) return ends.error();
  return check_heads(db, key, std::move(*ends));
}

}  // namespace

Result<void> AuditChain::load(Connection& db, bool may_begin) {
  {
    auto rows = db.select(queries::audit_head, node_);
    if (rows.next()) {
      const auto mac = rows.view(1);
      if (mac.size() != end_.mac.size()) return bad_entry(rows.integer(0));
      end_.count = rows.integer(0);
      std::copy(mac.begin(), mac.end(), end_.mac.begin());
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
  const auto mac = entry_mac(
      key_, {node_, number, at, entry.event, entry.actor, entry.object, entry.outcome}, end_.mac);
  const auto added = db.change(queries::add_audit, node_, number, at, entry.event, entry.actor,
                               entry.object, entry.outcome, std::span<const std::uint8_t>(mac));
  if (!added) return added.error();
  end_ = {number, mac};
  return {};
}

Result<void> AuditChain::write_head(Connection& db) {
  if (end_.count == written_) return {};
  const auto signature = head_mac(key_, node_, end_);
  const auto set =
      db.change(queries::set_audit_head, node_, end_.count, std::span<const std::uint8_t>(end_.mac),
                std::span<const std::uint8_t>(signature));
  if (!set) return set.error();
  return {};
}

Result<std::int64_t> verify_audit(Connection& db, const SecretKey& key) {
  if (auto begun = db.execute("BEGIN"); !begun) return begun.error();
  auto verified = verify_inside(db, Hmac(key));
  const auto ended = db.execute("ROLLBACK");
  if (verified && !ended) return ended.error();
  return verified;
}

Result<AuditHead> read_audit_head(Connection& db, const std::string& node) {
  auto rows = db.select(queries::audit_head, node);
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
  auto rows = db.select(queries::newest_audit, node, limit);
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
