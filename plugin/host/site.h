// SPDX-License-Identifier: Apache-2.0
// What a configuration names on this machine: its database, its key, its clinical content.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "host/config.h"
#include "knowledge/knowledge.h"
#include "store/site_key.h"
#include "store/store.h"

namespace meridian::host {

/// True when [store] url names a PostgreSQL server.
bool on_postgres(const Config& config);

/// What messages call the database: its file, or "postgresql://host/database" without the user.
std::string store_path(const Config& config);

/// The file that remembers what was in flight when this node died; on this machine in every case.
std::string inflight_file(const Config& config);

/// Errors: misconfigured; not_found when there is no key file and `create` is false.
Result<store::SecretKey> load_key(const Config& config, bool create);

enum class StoreUse {
  run,    ///< made when the configuration says so
  look,   ///< only read, also beside a runtime
  check,  ///< the same, and looked through for damage first
};

/// Opens the database, with `key` when one is given. Errors: misconfigured (unknown kind of URL),
/// not_found, store errors.
Result<std::unique_ptr<store::Store>> open_site_store(
    const Config& config, StoreUse use, const std::optional<store::SecretKey>& key = {});

/// The built-in content or the site's own. Errors: misconfigured, with issues.
Result<Knowledge> load_site_knowledge(const Config& config, Issues& issues);

}  // namespace meridian::host
