// SPDX-License-Identifier: Apache-2.0
// What a configuration names on this machine: its database, its key, its clinical content.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/config.h"
#include "knowledge/knowledge.h"
#include "store/migration_plan.h"
#include "store/postgres/postgres_store.h"
#include "store/site_key.h"
#include "store/sqlite_store.h"
#include "store/store.h"

namespace meridian::host {

/// True when [store] url names a PostgreSQL server.
bool on_postgres(const Config& config);

/// What messages call the database: its file, or "postgresql://host/database" without the user.
std::string store_name(const Config& config);

/// Files of this node: beside its database; beside the configuration file, by the name of the node,
/// when the database is on a server.
std::string inflight_path(const Config& config);
std::string address_path(const Config& config);
std::string operator_token_path(const Config& config);

/// Errors: misconfigured; not_found when there is no key file and `create` is false.
Result<store::SecretKey> load_key(const Config& config, bool create);

enum class StoreUse {
  run,    ///< made when the configuration says so
  visit,  ///< the same, but gives way at once when a runtime of this node has it open
  look,   ///< only read, also beside a runtime
  check,  ///< the same, and looked through for damage first
};

/// What the embedded store needs to know. Errors: misconfigured, when [store] url is no
/// "sqlite:FILE" or there is no key.
Result<store::SqliteSettings> sqlite_settings(const Config& config, bool create);

/// What the store on a server needs to know.
store::PostgresSettings postgres_settings(const Config& config, const store::SecretKey& key);

/// Opens the database. Errors: misconfigured (unknown kind of URL), not_found, store errors.
Result<std::unique_ptr<store::Store>> open_site_store(const Config& config, StoreUse use);

/// What the next start would do to the schema; changes nothing. Errors: store errors.
Result<std::vector<store::PlannedMigration>> plan_site_migrations(const Config& config);

/// The built-in content or the site's own. Errors: misconfigured, with issues.
Result<Knowledge> load_site_knowledge(const Config& config, Issues& issues);

}  // namespace meridian::host
