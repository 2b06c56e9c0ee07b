// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/session.h"

#include "base/hash.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.session";

}  // namespace

Result<std::int64_t> NumberStock::next(Connection& db) {
  if (left_ == 0) {
    auto rows = db.select(Queries::row_numbers);
    if (!rows.next()) return rows.error(where);
    next_ = rows.integer(0);
    left_ = block;
  }
  --left_;
  return next_++;
}

std::int64_t lock_key(std::string_view kind, std::string_view name) {
  std::string text(kind);
  text.push_back('\0');
  text.append(name);
  const auto digest = sha256(text);
  std::uint64_t key = 0;
  for (int i = 0; i < 8; ++i) key = key << 8 | digest[i];
  return static_cast<std::int64_t>(key);
}

Result<void> hold_lines(Session& session, const std::vector<ReferralId>& referrals) {
  std::set<std::int64_t> keys;
  for (const auto& referral : referrals) keys.insert(lock_key("line", referral.str()));
  for (const auto key : keys) {
    if (!session.memory.lines.insert(key).second) continue;
    const auto held = session.db.select(Queries::wait_in_transaction, key);
    if (held.failed()) return held.error(where);
  }
  return {};
}

}  // namespace meridian::store::postgres
