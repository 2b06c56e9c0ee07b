// SPDX-License-Identifier: Apache-2.0
// What makes an audit chain a chain: the codes of its entries and heads, and how they are checked.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "store/hmac.h"

namespace meridian::store {

/// Where a chain ends.
struct AuditEnd {
  std::int64_t count = 0;
  Sha256 mac{};
};

/// One entry as its code covers it.
struct AuditEntry {
  std::string_view node;
  std::int64_t number;
  Instant at;
  std::string_view event;
  std::string_view actor;
  std::string_view object;
  std::string_view outcome;
};

/// A node's head as it is stored.
struct StoredHead {
  std::string_view node;
  std::int64_t count;
  std::string_view mac;
  std::string_view signature;
};

/// HMAC-SHA-256(audit key, number | at | node | event | actor | object | outcome | mac before),
/// every part after its length.
Sha256 audit_entry_mac(const Hmac& key, const AuditEntry& entry, const Sha256& before);

/// Signs count and last mac of a node's chain.
Sha256 audit_head_mac(const Hmac& key, std::string_view node, const AuditEnd& end);

/// The end that a stored head names. Errors: store_damaged.
Result<AuditEnd> audit_end_of(const StoredHead& head);

/// Checks every chain against its entries and its head: first all entries, by node and number, then
/// all heads, then the result.
class AuditCheck {
 public:
  explicit AuditCheck(const Hmac& key) : key_(key) {}

  void entry(const AuditEntry& entry, std::string_view mac);
  /// Errors: store_damaged with the number of the first bad entry.
  Result<void> head(const StoredHead& head);
  /// The number of entries. Every chain has a head that is signed and fits; every database has at
  /// least one. Errors: as above.
  Result<std::int64_t> result() const;

 private:
  /// One node's chain as its entries show it.
  struct Chain {
    std::int64_t begins = 0;  ///< number of its first entry
    std::int64_t bad = 0;     ///< number of the first entry that is missing or wrong; 0: none
    AuditEnd end;
  };

  const Hmac& key_;
  std::map<std::string, Chain, std::less<>> chains_;  ///< those whose head has not come yet
  std::int64_t total_ = 0;
  int heads_ = 0;
};

}  // namespace meridian::store
