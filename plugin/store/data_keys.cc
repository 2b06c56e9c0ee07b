// SPDX-License-Identifier: Apache-2.0
#include "store/data_keys.h"

#include <map>
#include <optional>

#include "store/queries.h"
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.data_keys";

}  // namespace

std::vector<WrappedKey> new_data_keys(const SecretKey& site) {
  return {{1, "derive", wrap_key(site, 1, "derive", SecretKey::random())},
          {2, "envelope", wrap_key(site, 2, "envelope", SecretKey::random())}};
}

Result<Keyring> unwrap_data_keys(const SecretKey& site, const std::vector<WrappedKey>& keys) {
  std::map<std::uint32_t, SecretKey> envelope_keys;
  std::optional<SecretKey> root;
  for (const auto& [id, purpose, wrapped] : keys) {
    auto key = unwrap_key(site, id, purpose, wrapped);
    if (!key) return key.error();
    if (purpose == "derive") {
      root = *key;
    } else {
      envelope_keys.emplace(id, *key);
    }
  }
  if (!root || envelope_keys.empty()) {
    return Error{ErrorCode::store_damaged, where, "the data keys are missing"};
  }
  const auto current = envelope_keys.rbegin()->first;
  Keyring ring;
  ring.envelope = std::make_unique<const Envelope>(envelope_keys, current, *root);
  ring.audit_key = derive_key(*root, "meridian audit");
  return ring;
}

Result<void> create_data_keys(Connection& db, const SecretKey& site, Instant now) {
  for (const auto& key : new_data_keys(site)) {
    const auto added =
        db.change(queries::add_key, std::int64_t{key.id}, key.purpose, Blob{key.wrapped}, now);
    if (!added) return added.error();
  }
  return {};
}

Result<Keyring> load_data_keys(Connection& db, const SecretKey& site) {
  std::vector<WrappedKey> keys;
  auto rows = db.select(queries::list_keys);
  while (rows.next()) {
    keys.push_back({static_cast<std::uint32_t>(rows.integer(0)), rows.text(1), rows.text(2)});
  }
  if (rows.failed()) return rows.error(where);
  return unwrap_data_keys(site, keys);
}

}  // namespace meridian::store
