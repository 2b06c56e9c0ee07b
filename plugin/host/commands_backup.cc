// SPDX-License-Identifier: Apache-2.0
// `meridian backup` and `meridian restore`.
#include <iostream>

#include "host/commands.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/json.h"
#include "store/backup.h"

namespace meridian::host {
namespace {

constexpr const char* use_pg_dump =
    "the database is on a PostgreSQL server: back it up with pg_dump --format=custom and note when "
    "that began; with every node stopped put it back with pg_restore, then run meridian restore "
    "--in-place --taken-at THAT-TIME before the next start";

/// What a restore could not bring back, and from whom it comes again.
std::string summary(const store::RestoreRow& restore, std::int64_t uncertain,
                    const std::string& put_aside) {
  report::Json json;
  json.open();
  json.flag("restored", true);
  json.text("backupOf", to_string(restore.taken_at));
  json.text("restoredAt", to_string(restore.restored_at));
  json.number("uncertainDeliveries", uncertain);
  json.text("auditChains", restore.cut);
  if (!put_aside.empty()) json.text("putAside", put_aside);
  json.open("sendAgain");
  json.text("from", to_string(restore.taken_at));
  json.text("to", to_string(restore.restored_at));
  json.close();
  json.close();
  return json.str();
}

void say_what_is_next(const store::RestoreRow& restore) {
  std::cerr
      << "What Meridian polls is read again from the backup on. What was pushed to it between "
      << to_string(restore.taken_at) << " and " << to_string(restore.restored_at)
      << " is not here: have the engine send it again; repeats are recognised.\n"
      << "Deliveries that may have arrived are looked for at the receiver first; where that "
         "cannot be, they show as ambiguous in meridian outbox.\n";
}

int restore_in_place(const SiteCommand& command, const Config& config, Instant taken_at) {
  auto site = config;
  site.store_create = false;
  auto store = open_site_store(site, StoreUse::run);
  if (!store) return failed(store_name(config), store.error());
  if (const auto sound = (*store)->verify_audit(); !sound) {
    return failed(store_name(config), sound.error());
  }
  const auto marked = (*store)->mark_restored(taken_at, name_of(command));
  if (!marked) return failed(store_name(config), marked.error());
  const auto restores = (*store)->restores();
  if (!restores) return failed(store_name(config), restores.error());
  print_one(command, summary(restores->front(), *marked, ""));
  say_what_is_next(restores->front());
  return 0;
}

}  // namespace

int back_up(const SiteCommand& command, const std::string& file) {
  const auto config = site_config(command);
  if (!config) return 1;
  if (on_postgres(*config)) return failed(config->file, use_pg_dump);
  const auto settings = sqlite_settings(*config, false);
  if (!settings) return failed(config->file, settings.error());
  const auto head = store::back_up_sqlite(*settings, file, MERIDIAN_VERSION);
  if (!head) return failed(file, head.error());
  report::Json json;
  json.open();
  json.text("file", file);
  json.text("takenAt", to_string(head->taken_at));
  json.number("bytes", head->bytes);
  json.text("sha256", head->sha256);
  json.number("referrals", head->counts.referrals);
  json.number("messages", head->counts.messages);
  json.number("queued", head->counts.queued);
  json.number("auditEntries", head->audit.count);
  json.close();
  print_one(command, json.str());
  std::cerr << "The site key is not in the backup. Keep a copy of it elsewhere: without it the "
               "backup cannot be opened.\n";
  return 0;
}

int restore(const SiteCommand& command, const RestoreCommand& given) {
  const auto config = site_config(command);
  if (!config) return 1;
  if (given.in_place) {
    const auto taken_at = parse_instant(given.taken_at);
    if (!taken_at) return failed("--taken-at", "write an instant such as 2026-11-20T03:00:00Z");
    return restore_in_place(command, *config, *taken_at);
  }
  if (on_postgres(*config)) return failed(config->file, use_pg_dump);
  const auto settings = sqlite_settings(*config, false);
  if (!settings) return failed(config->file, settings.error());
  const auto restored = store::restore_sqlite(given.file, *settings, name_of(command), given.force);
  if (!restored) return failed(given.file, restored.error());
  const store::RestoreRow row{restored->head.taken_at, restored->restored_at, restored->cut};
  print_one(command, summary(row, restored->uncertain, restored->put_aside));
  say_what_is_next(row);
  return 0;
}

}  // namespace meridian::host
