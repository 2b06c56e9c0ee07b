// SPDX-License-Identifier: Apache-2.0
// New keys for a database that no runtime has open.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "store/postgres/postgres_store.h"
#include "store/site_key.h"
#include "store/sqlite_store.h"

namespace meridian::store {

/// Puts the database under the site key `next` in place of settings.site_key: every sealed value is
/// sealed anew under a new envelope key, the old envelope keys are forgotten, what is kept of the
/// keys is wrapped by `next`, and the audit says that `by` did it. All in one transaction: after a
/// crash at any point all of it was done or nothing was. The value is how many values were sealed.
///
/// The key behind blind indexes, message digests and the audit stays, wrapped anew: what the
/// indexes are of is not kept, so they cannot be made again.
///
/// Needs about the size of the database free beside it, for a while. Errors: store_busy when a
/// runtime has the database open; misconfigured when settings.site_key is not its key;
/// store_damaged when a value does not open; store_full, store_failed.
Result<std::int64_t> rekey_sqlite(const SqliteSettings& settings, const SecretKey& next,
                                  std::string_view by);

/// The same on a server. store_busy when a node is connected to the database. A node that lost its
/// connection just then is not seen: stop all of them first.
Result<std::int64_t> rekey_postgres(const PostgresSettings& settings, const SecretKey& next,
                                    std::string_view by);

}  // namespace meridian::store
