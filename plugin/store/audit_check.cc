// SPDX-License-Identifier: Apache-2.0
#include "store/audit_check.h"

#include <algorithm>

#include <openssl/crypto.h>

namespace meridian::store {
namespace {

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

bool same(const Sha256& expected, std::string_view stored) {
  return stored.size() == expected.size() &&
         CRYPTO_memcmp(expected.data(), stored.data(), expected.size()) == 0;
}

Error bad_entry(std::int64_t number) {
  return {ErrorCode::store_damaged, "store.audit", "the audit chain is broken", number};
}

}  // namespace

Sha256 audit_entry_mac(const Hmac& key, const AuditEntry& entry, const Sha256& before) {
  Parts parts;
  parts.add("entry").number(entry.number).number(entry.at.time_since_epoch().count());
  parts.add(entry.node).add(entry.event).add(entry.actor).add(entry.object).add(entry.outcome);
  parts.add(view(before));
  return parts.mac(key);
}

Sha256 audit_head_mac(const Hmac& key, std::string_view node, const AuditEnd& end) {
  return Parts().add("head").add(node).number(end.count).add(view(end.mac)).mac(key);
}

Result<AuditEnd> audit_end_of(const StoredHead& head) {
  AuditEnd end;
  if (head.mac.size() != end.mac.size()) return bad_entry(head.count);
  end.count = head.count;
  std::copy(head.mac.begin(), head.mac.end(), end.mac.begin());
  return end;
}

void AuditCheck::entry(const AuditEntry& entry, std::string_view mac) {
  auto found = chains_.find(entry.node);
  if (found == chains_.end()) {
    found = chains_.emplace(std::string(entry.node), Chain{entry.number, 0, {}}).first;
  }
  auto& chain = found->second;
  if (chain.bad != 0) return;
  const auto next = chain.end.count + 1;
  const auto expected = audit_entry_mac(key_, entry, chain.end.mac);
  if (entry.number == next && same(expected, mac)) {
    chain.end = {next, expected};
  } else {
    chain.bad = next;
  }
}

Result<void> AuditCheck::head(const StoredHead& head) {
  Chain chain;
  if (const auto found = chains_.find(head.node); found != chains_.end()) {
    chain = found->second;
    chains_.erase(found);
  }
  if (chain.bad != 0) return bad_entry(chain.bad);
  const auto& end = chain.end;
  const bool fits = head.count == end.count && same(end.mac, head.mac) &&
                    same(audit_head_mac(key_, head.node, end), head.signature);
  if (!fits) return bad_entry(std::min(head.count, end.count) + 1);
  total_ += end.count;
  ++heads_;
  return {};
}

Result<std::int64_t> AuditCheck::result() const {
  // Heads come first: an entry that was moved to another node is missed where it was.
  if (!chains_.empty()) return bad_entry(chains_.begin()->second.begins);
  if (heads_ == 0) return bad_entry(1);
  return total_;
}

}  // namespace meridian::store
