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

/// One node's chain as its entries show it.
struct Chain {
  std::int64_t begins = 0;  ///< number of its first entry
  std::int64_t bad = 0;     ///< number of the first entry that is missing or wrong; 0: none
  AuditChain::End end;
};

Result<std::map<std::string, Chain>> walk(Connection& db, const Hmac& key) {
  std::map<std::string, Chain> chains;
  auto rows = db.select(queries::audit_entries);
  while (rows.next()) {
    const std::string node = rows.text(0);
    const std::string event = rows.text(3);
    const std::string actor = rows.text(4);
    const std::string object = rows.text(5);
    const std::string outcome = rows.text(6);
    const Entry entry{node, rows.integer(1), rows.instant(2), event, actor, object, outcome};
    auto& chain = chains.try_emplace(node, Chain{entry.number, 0, {}}).first->second;
    if (chain.bad != 0) continue;
    const auto next = chain.end.count + 1;
    const auto mac = entry_mac(key, entry, chain.end.mac);
    if (entry.number == next && same(mac, rows.view(7))) {
      chain.end = {next, mac};
    } else {
      chain.bad = next;
    }
  }
  if (rows.failed()) return rows.error(where);
  return chains;
}

/// Every chain has a head that is signed and fits; every database has at least one head. Heads come
/// first: an entry that was moved to another node is missed where it was.
Result<std::int64_t> check_heads(Connection& db, const Hmac& key,
                                 std::map<std::string, Chain> chains) {
  std::int64_t total = 0;
  int heads = 0;
  auto rows = db.select(queries::audit_heads);
  while (rows.next()) {
    const std::string node = rows.text(0);
    const auto chain = chains[node];
    chains.erase(node);
    if (chain.bad != 0) return bad_entry(chain.bad);
    const auto& end = chain.end;
    const bool fits = rows.integer(1) == end.count && same(end.mac, rows.view(2)) &&
                      same(head_mac(key, node, end), rows.view(3));
    if (!fits) return bad_entry(std::min(rows.integer(1), end.count) + 1);
    total += end.count;
    ++heads;
  }
  if (rows.failed()) return rows.error(where);
  if (!chains.empty()) return bad_entry(chains.begin()->second.begins);
  if (heads == 0) return bad_entry(1);
  return total;
}

Result<std::int64_t> verify_inside(Connection& db, const Hmac& key) {
  auto chains = walk(db, key);
  if (!chains) return chains.error();
  return check_heads(db, key, std::move(*chains));
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
