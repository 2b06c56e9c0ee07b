// SPDX-License-Identifier: Apache-2.0
#include "host/site.h"

#include <algorithm>
#include <filesystem>

#include "knowledge/emergency_floor.h"

namespace meridian::host {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

bool on_sqlite(const Config& config) {
  return config.store_url.starts_with(sqlite_scheme);
}

Result<std::unique_ptr<store::Store>> open_file(const Config& config, StoreUse use) {
  const bool to_run = use == StoreUse::run || use == StoreUse::visit;
  auto settings = sqlite_settings(config, to_run && config.store_create);
  if (!settings) return settings.error();
  settings->quick_check = use == StoreUse::check;
  return to_run ? store::open_sqlite(*settings) : store::open_sqlite_to_read(*settings);
}

Result<std::unique_ptr<store::Store>> open_server(const Config& config, StoreUse use) {
  const bool to_run = use == StoreUse::run || use == StoreUse::visit;
  const auto key = load_key(config, to_run && config.store_create);
  if (!key) return key.error();
  auto settings = postgres_settings(config, *key);
  settings.check = use == StoreUse::check;
  if (use == StoreUse::visit) settings.name_patience = {};
  return to_run ? store::open_postgres(settings) : store::open_postgres_to_read(settings);
}

/// A file of this node: beside its database, or beside the configuration when that is on a server.
std::string file_of_node(const Config& config, const char* ending) {
  return config.path_of(on_postgres(config) ? config.node : store_name(config)) + ending;
}

}  // namespace

bool on_postgres(const Config& config) {
  return config.store_url.starts_with("postgresql://") ||
         config.store_url.starts_with("postgres://");
}

std::string store_name(const Config& config) {
  std::string url = config.store_url;
  if (on_sqlite(config)) return url.substr(sqlite_scheme.size());
  if (!on_postgres(config)) return url;
  url.erase(std::min(url.find('?'), url.size()));
  const auto begins = url.find("//") + 2;
  const auto user_ends = url.rfind('@');
  if (user_ends != std::string::npos) url.erase(begins, user_ends + 1 - begins);
  return url;
}

std::string inflight_path(const Config& config) {
  return file_of_node(config, ".inflight");
}

std::string address_path(const Config& config) {
  return file_of_node(config, ".address");
}

std::string operator_token_path(const Config& config) {
  const std::filesystem::path beside = file_of_node(config, "");
  return (beside.parent_path() / "operator.token").string();
}

Result<store::SecretKey> load_key(const Config& config, bool create) {
  return store::load_site_key(
      store::site_key_source(config.path_of(config.store_key_file), create));
}

Result<store::SqliteSettings> sqlite_settings(const Config& config, bool create) {
  if (!on_sqlite(config)) {
    return Error{ErrorCode::misconfigured, "store",
                 "[store] url must be \"sqlite:FILE\" or \"postgresql://USER@HOST/DATABASE\""};
  }
  auto key = load_key(config, create);
  if (!key) return key.error();
  store::SqliteSettings settings;
  settings.path = config.path_of(store_name(config));
  settings.site_key = *key;
  settings.node = config.node;
  settings.create = create;
  return settings;
}

store::PostgresSettings postgres_settings(const Config& config, const store::SecretKey& key) {
  store::PostgresSettings settings;
  settings.url = config.store_url;
  settings.site_key = key;
  settings.node = config.node;
  settings.create = config.store_create;
  return settings;
}

Result<std::unique_ptr<store::Store>> open_site_store(const Config& config, StoreUse use) {
  return on_postgres(config) ? open_server(config, use) : open_file(config, use);
}

Result<std::vector<store::PlannedMigration>> plan_site_migrations(const Config& config) {
  if (on_postgres(config)) {
    return store::plan_postgres_migrations(postgres_settings(config, store::SecretKey::random()));
  }
  const auto settings = sqlite_settings(config, false);
  if (!settings) return settings.error();
  return store::plan_sqlite_migrations(*settings);
}

namespace {

Result<Knowledge> load_content(const Config& config, Issues& issues) {
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

}  // namespace

Result<Knowledge> load_site_knowledge(const Config& config, Issues& issues) {
  auto site = load_content(config, issues);
  if (!site || follow_guideline(config.guideline, site->rules)) return site;
  issues.push_back({Severity::error, "not-found", config.file,
                    "guideline \"" + config.guideline + "\" in [profiles] is none of" +
                        guideline_names(site->rules)});
  return Error{ErrorCode::misconfigured, "knowledge", "the chosen guideline is not in the content"};
}

}  // namespace meridian::host
