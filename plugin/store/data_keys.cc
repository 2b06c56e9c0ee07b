// SPDX-License-Identifier: Apache-2.0
#include "store/data_keys.h"

#include <algorithm>
#include <map>

#include "store/queries.h"
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.data_keys";

struct PlainKeys {
  SecretKey root;
  std::uint32_t root_id = 0;
  std::map<std::uint32_t, SecretKey> envelope;
  std::uint32_t last = 0;  ///< highest id of all
};

Result<PlainKeys> unwrap_all(const SecretKey& site, const std::vector<WrappedKey>& keys) {
  PlainKeys plain;
  for (const auto& [id, purpose, wrapped] : keys) {
    auto key = unwrap_key(site, id, purpose, wrapped);
    if (!key) return key.error();
    plain.last = std::max(plain.last, id);
    if (purpose == "derive") {
      plain.root = *key;
      plain.root_id = id;
    } else {
      plain.envelope.emplace(id, *key);
    }
  }
  if (plain.root_id == 0 || plain.envelope.empty()) {
    return Error{ErrorCode::store_damaged, where, "the data keys are missing"};
  }
  return plain;
}

Keyring keyring(const PlainKeys& plain) {
  Keyring ring;
  ring.envelope =
      std::make_unique<const Envelope>(plain.envelope, plain.envelope.rbegin()->first, plain.root);
  ring.audit_key = derive_key(plain.root, "meridian audit");
  return ring;
}

}  // namespace

std::vector<WrappedKey> new_data_keys(const SecretKey& site) {
  return {{1, "derive", wrap_key(site, 1, "derive", SecretKey::random())},
          {2, "envelope", wrap_key(site, 2, "envelope", SecretKey::random())}};
}

Result<Keyring> unwrap_data_keys(const SecretKey& site, const std::vector<WrappedKey>& keys) {
  const auto plain = unwrap_all(site, keys);
  if (!plain) return plain.error();
  return keyring(*plain);
}

Result<Rekeyed> rekey_data_keys(const SecretKey& site, const SecretKey& next,
                                const std::vector<WrappedKey>& keys) {
  auto plain = unwrap_all(site, keys);
  if (!plain) return plain.error();
  const auto fresh = plain->last + 1;
  plain->envelope[fresh] = SecretKey::random();
  Rekeyed done;
  done.ring = keyring(*plain);
  done.keys = {{plain->root_id, "derive", wrap_key(next, plain->root_id, "derive", plain->root)},
               {fresh, "envelope", wrap_key(next, fresh, "envelope", plain->envelope[fresh])}};
  return done;
}

Result<void> create_data_keys(Connection& db, const SecretKey& site, Instant now) {
  for (const auto& key : new_data_keys(site)) {
    const auto added =
        db.change(Queries::add_key, std::int64_t{key.id}, key.purpose, Blob{key.wrapped}, now);
    if (!added) return added.error();
  }
  return {};
}

Result<Keyring> load_data_keys(Connection& db, const SecretKey& site) {
  std::vector<WrappedKey> keys;
  auto rows = db.select(Queries::list_keys);
  while (rows.next()) {
    keys.push_back({static_cast<std::uint32_t>(rows.integer(0)), rows.text(1), rows.text(2)});
  }
  if (rows.failed()) return rows.error(where);
  return unwrap_data_keys(site, keys);
}

}  // namespace meridian::store
