// SPDX-License-Identifier: Apache-2.0
// `meridian rekey`: a new site key. Steps: make the new key's file; put the database under it, in
// one transaction; put the file in the old one's place. Whatever step a crash comes after, the same
// command sees by which key the database opens, and goes on.
#include <filesystem>
#include <iostream>

#include "host/commands.h"
#include "host/desk_door.h"
#include "host/lasting_keys.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/json.h"
#include "store/rekey.h"

namespace meridian::host {
namespace {

/// The key's file, when that is where the key comes from; empty when the environment or systemd
/// hands it over.
std::string key_file_of(const Config& config) {
  const auto source = store::site_key_source(config.path_of(config.store_key_file), false);
  const bool handed = !source.credential_dir.empty() &&
                      std::filesystem::exists(source.credential_dir + "/meridian-site-key");
  return source.hex.empty() && !handed ? source.file : "";
}

Result<std::unique_ptr<store::Store>> open_under(const Config& config,
                                                 const store::SecretKey& key) {
  if (on_postgres(config)) return store::open_postgres_to_read(postgres_settings(config, key));
  store::SqliteSettings settings;
  settings.path = config.path_of(store_name(config));
  settings.site_key = key;
  settings.node = config.node;
  return store::open_sqlite_to_read(settings);
}

/// Changes the database from the key it has to `next`.
Result<std::int64_t> change_database(const Config& config, const store::SecretKey& next,
                                     const std::string& by) {
  const auto key = load_key(config, false);
  if (!key) return key.error();
  {
    auto existing = config;
    existing.store_create = false;
    const auto store = open_site_store(existing, StoreUse::visit);
    if (!store) return store.error();
    if (auto kept = keep_lasting_keys(**store, *key); !kept) return kept.error();
    (*store)->close();
  }
  if (on_postgres(config)) return store::rekey_postgres(postgres_settings(config, *key), next, by);
  const auto settings = sqlite_settings(config, false);
  if (!settings) return settings.error();
  return store::rekey_sqlite(*settings, next, by);
}

int say_what_would_be_done(const SiteCommand& command, const Config& config,
                           const std::string& next_file) {
  const auto store = open_site_store(config, StoreUse::look);
  report::Json json;
  json.open();
  json.text("database", store_name(config));
  json.text("newKey", next_file);
  json.flag("goesOn", std::filesystem::exists(next_file));
  json.flag("serveRuns", serve_runs(config));
  if (store) {
    const auto alerts = (*store)->open_alerts();
    if (alerts) json.number("openAlerts", static_cast<std::int64_t>(alerts->size()));
  }
  json.close();
  print_one(command, json.str());
  std::cerr << "back up, stop meridian serve on every node, then say --yes; nothing was changed\n";
  return 0;
}

/// What is left to do where the key is not ours to replace, or other machines have it too.
void say_what_is_left(const Config& config, const std::string& file, const std::string& next_file,
                      const std::string& aside) {
  if (file.empty()) {
    std::cerr << "put the key in " << next_file << " where MERIDIAN_SITE_KEY or the credential "
              << "meridian-site-key comes from, then start meridian serve\n";
  } else {
    std::cerr << "the old key is in " << aside
              << ": backups made before need it; destroy it when they are gone\n";
  }
  if (on_postgres(config)) std::cerr << "every other node needs the new key before it starts\n";
  std::cerr << "make a backup now, and keep a copy of the new key where the database is not\n";
}

}  // namespace

int rekey(const SiteCommand& command, const std::string& new_key) {
  const auto config = site_config(command);
  if (!config) return 1;
  const auto file = key_file_of(*config);
  if (file.empty() && new_key.empty()) {
    return failed(config->file, "the site key is not in a file: say --new-key FILE");
  }
  const auto next_file = new_key.empty() ? file + ".next" : new_key;
  if (!command.yes) return say_what_would_be_done(command, *config, next_file);

  const auto next = store::load_site_key({{}, {}, next_file, true});
  if (!next) return failed(next_file, next.error());
  std::int64_t sealed = 0;
  if (!open_under(*config, *next)) {
    const auto done = change_database(*config, *next, name_of(command));
    if (!done) return failed(store_name(*config), done.error());
    sealed = *done;
  }
  std::string aside;
  if (!file.empty()) {
    const auto replaced = store::replace_site_key(file, next_file, system_now());
    if (!replaced) return failed(file, replaced.error());
    aside = *replaced;
  }
  report::Json json;
  json.open();
  json.flag("rekeyed", true);
  json.number("sealedAnew", sealed);
  json.text_or_null("oldKey", aside);
  json.close();
  print_one(command, json.str());
  say_what_is_left(*config, file, next_file, aside);
  return 0;
}

}  // namespace meridian::host
