// SPDX-License-Identifier: Apache-2.0
// What a configuration names on this machine: its database, its key, its clinical content.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "host/config.h"
#include "knowledge/knowledge.h"
#include "store/site_key.h"
#include "store/sqlite_store.h"
#include "store/store.h"

namespace meridian::host {

/// The database's file, from "sqlite:meridian.db".
std::string store_path(const Config& config);

/// Files beside the database that a running serve leaves for the command line.
std::string operator_token_path(const Config& config);
std::string address_path(const Config& config);

/// Errors: misconfigured; not_found when there is no key file and `create` is false.
Result<store::SecretKey> load_key(const Config& config, bool create);

enum class StoreUse {
  run,    ///< made when the configuration says so
  look,   ///< only read, also beside a runtime
  check,  ///< the same, and looked through for damage first
};

/// What the embedded store needs to know. Errors: misconfigured, when [store] url is no
/// "sqlite:FILE" or there is no key.
Result<store::SqliteSettings> sqlite_settings(const Config& config, bool create);

/// Opens the database. Errors: misconfigured (unknown kind of URL), not_found, store errors.
Result<std::unique_ptr<store::Store>> open_site_store(const Config& config, StoreUse use);

/// The built-in content or the site's own. Errors: misconfigured, with issues.
Result<Knowledge> load_site_knowledge(const Config& config, Issues& issues);

}  // namespace meridian::host
