// SPDX-License-Identifier: Apache-2.0
// The data keys of a database: kept in it, wrapped by the site key.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/envelope.h"
#include "store/site_key.h"

namespace meridian::store {

class Connection;

/// What the data keys give: the envelope, and the key of the audit chain.
struct Keyring {
  std::unique_ptr<const Envelope> envelope;
  SecretKey audit_key;
};

/// A row of data_keys.
struct WrappedKey {
  std::uint32_t id = 0;
  std::string purpose;  ///< derive or envelope
  std::string wrapped;
};

/// The keys of a new database, wrapped by `site`.
std::vector<WrappedKey> new_data_keys(const SecretKey& site);

/// Unwraps all keys. Values are sealed with the newest envelope key and open with each; blind
/// indexes, digests and the audit rest on the one 'derive' key, so that they outlive both a new
/// site key and a new envelope key. Errors: misconfigured when the site key is not this database's.
Result<Keyring> unwrap_data_keys(const SecretKey& site, const std::vector<WrappedKey>& keys);

/// The keys of a database under another site key.
struct Rekeyed {
  Keyring ring;                  ///< opens what the old keys sealed, and seals with a new one
  std::vector<WrappedKey> keys;  ///< what data_keys holds when all was sealed anew
};

/// Wraps the 'derive' key by `next` and makes a new envelope key. Errors: as unwrap_data_keys.
Result<Rekeyed> rekey_data_keys(const SecretKey& site, const SecretKey& next,
                                const std::vector<WrappedKey>& keys);

/// Makes the first keys of a new database. Inside a transaction of the caller.
Result<void> create_data_keys(Connection& db, const SecretKey& site, Instant now);

/// unwrap_data_keys of what the database holds.
Result<Keyring> load_data_keys(Connection& db, const SecretKey& site);

}  // namespace meridian::store
