// SPDX-License-Identifier: Apache-2.0
#include "store/data_keys.h"

#include <map>
#include <optional>

#include "store/queries.h"
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.data_keys";

Result<void> add_key(Connection& db, const SecretKey& site, std::uint32_t id, const char* purpose,
                     Instant now) {
  const std::string wrapped = wrap_key(site, id, purpose, SecretKey::random());
  const auto added = db.change(queries::add_key, std::int64_t{id}, purpose, Blob{wrapped}, now);
  if (!added) return added.error();
  return {};
}

}  // namespace

Result<void> create_data_keys(Connection& db, const SecretKey& site, Instant now) {
  if (auto done = add_key(db, site, 1, "derive", now); !done) return done;
  return add_key(db, site, 2, "envelope", now);
}

Result<Keyring> load_data_keys(Connection& db, const SecretKey& site) {
  std::map<std::uint32_t, SecretKey> keys;
  std::optional<SecretKey> root;
  auto rows = db.select(queries::list_keys);
  while (rows.next()) {
    const auto id = static_cast<std::uint32_t>(rows.integer(0));
    const std::string purpose = rows.text(1);
    auto key = unwrap_key(site, id, purpose, rows.view(2));
    if (!key) return key.error();
    if (purpose == "derive") {
      root = *key;
    } else {
      keys.emplace(id, *key);
    }
  }
  if (rows.failed()) return rows.error(where);
  if (!root || keys.empty()) {
    return Error{ErrorCode::store_damaged, where, "the data keys are missing"};
  }
  const auto current = keys.rbegin()->first;
  Keyring ring;
  ring.envelope = std::make_unique<const Envelope>(keys, current, *root);
  ring.audit_key = derive_key(*root, "meridian audit");
  return ring;
}

}  // namespace meridian::store
