// SPDX-License-Identifier: Apache-2.0
#include "host/site.h"

#include <filesystem>

#include "knowledge/emergency_floor.h"

namespace meridian::host {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

}  // namespace

std::string store_path(const Config& config) {
  const std::string_view url = config.store_url;
  return std::string(url.starts_with(sqlite_scheme) ? url.substr(sqlite_scheme.size()) : url);
}

Result<store::SecretKey> load_key(const Config& config, bool create) {
  return store::load_site_key(
      store::site_key_source(config.path_of(config.store_key_file), create));
}

std::string operator_token_path(const Config& config) {
  const std::filesystem::path database = config.path_of(store_path(config));
  return (database.parent_path() / "operator.token").string();
}

std::string address_path(const Config& config) {
  return config.path_of(store_path(config)) + ".address";
}

Result<store::SqliteSettings> sqlite_settings(const Config& config, bool create) {
  if (!config.store_url.starts_with(sqlite_scheme)) {
    return Error{ErrorCode::misconfigured, "store", "[store] url must be \"sqlite:FILE\""};
  }
  auto key = load_key(config, create);
  if (!key) return key.error();
  store::SqliteSettings settings;
  settings.path = config.path_of(store_path(config));
  settings.site_key = *key;
  settings.node = config.node;
  settings.create = create;
  return settings;
}

Result<std::unique_ptr<store::Store>> open_site_store(const Config& config, StoreUse use) {
  auto settings = sqlite_settings(config, use == StoreUse::run && config.store_create);
  if (!settings) return settings.error();
  settings->quick_check = use == StoreUse::check;
  return use == StoreUse::run ? store::open_sqlite(*settings)
                              : store::open_sqlite_to_read(*settings);
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
