// SPDX-License-Identifier: Apache-2.0
#include "host/site.h"

#include <algorithm>
#include <filesystem>

#include "knowledge/emergency_floor.h"
#include "store/postgres/postgres_store.h"
#include "store/sqlite_store.h"

namespace meridian::host {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

Result<std::unique_ptr<store::Store>> open_file(const Config& config, StoreUse use,
                                                const store::SecretKey& key) {
  store::SqliteSettings settings;
  settings.path = config.path_of(store_path(config));
  settings.site_key = key;
  settings.node = config.node;
  settings.create = use == StoreUse::run && config.store_create;
  settings.quick_check = use == StoreUse::check;
  return use == StoreUse::run ? store::open_sqlite(settings) : store::open_sqlite_to_read(settings);
}

Result<std::unique_ptr<store::Store>> open_server(const Config& config, StoreUse use,
                                                  const store::SecretKey& key) {
  store::PostgresSettings settings;
  settings.url = config.store_url;
  settings.site_key = key;
  settings.node = config.node;
  settings.create = config.store_create;
  settings.check = use == StoreUse::check;
  return use == StoreUse::run ? store::open_postgres(settings)
                              : store::open_postgres_to_read(settings);
}

}  // namespace

bool on_postgres(const Config& config) {
  return config.store_url.starts_with("postgresql://") ||
         config.store_url.starts_with("postgres://");
}

std::string store_path(const Config& config) {
  std::string url = config.store_url;
  if (on_postgres(config)) {
    url.erase(std::min(url.find('?'), url.size()));
    const auto begins = url.find("//") + 2;
    const auto user_ends = url.rfind('@');
    if (user_ends != std::string::npos) url.erase(begins, user_ends + 1 - begins);
    return url;
  }
  return url.starts_with(sqlite_scheme) ? url.substr(sqlite_scheme.size()) : url;
}

std::string inflight_file(const Config& config) {
  const auto name = on_postgres(config) ? config.node : store_path(config);
  return config.path_of(name) + ".inflight";
}

Result<store::SecretKey> load_key(const Config& config, bool create) {
  return store::load_site_key(
      store::site_key_source(config.path_of(config.store_key_file), create));
}

Result<std::unique_ptr<store::Store>> open_site_store(const Config& config, StoreUse use,
                                                      const std::optional<store::SecretKey>& key) {
  if (!config.store_url.starts_with(sqlite_scheme) && !on_postgres(config)) {
    return Error{ErrorCode::misconfigured, "store",
                 "[store] url must be \"sqlite:FILE\" or \"postgresql://USER@HOST/DATABASE\""};
  }
  const auto known = key ? Result<store::SecretKey>(*key)
                         : load_key(config, use == StoreUse::run && config.store_create);
  if (!known) return known.error();
  return on_postgres(config) ? open_server(config, use, *known) : open_file(config, use, *known);
}

Result<Knowledge> load_site_knowledge(const Config& config, Issues& issues) {
  if (config.profiles_directory.empty()) return load_knowledge(issues);
  const std::filesystem::path directory = config.path_of(config.profiles_directory);
  auto site = load_knowledge(directory, issues);
  if (!site) return site;
  std::error_code ignored;
  const bool has_cpt = std::filesystem::exists(directory / "cpt", ignored);
  const auto standard = load_knowledge(issues, has_cpt ? Cpt::with : Cpt::without);
  if (!standard) return standard.error();
  const auto lost = below_emergency_floor(*site, *standard);
  if (lost.empty()) return site;
  issues.insert(issues.end(), lost.begin(), lost.end());
  return Error{ErrorCode::misconfigured, "knowledge", "the content loosens an emergency rule"};
}

}  // namespace meridian::host
