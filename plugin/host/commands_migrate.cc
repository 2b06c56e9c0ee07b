// SPDX-License-Identifier: Apache-2.0
// `meridian migrate`: what an upgrade does to the database, and doing it.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "host/commands.h"
#include "host/desk_door.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/json.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

/// What can be said before it is tried. A migration may rewrite every table, and the log holds both
/// forms until it is done.
struct Outlook {
  std::vector<store::PlannedMigration> plan;
  bool on_server = false;  ///< its disk is not ours to look at
  std::int64_t bytes_needed = 0;
  std::int64_t bytes_free = 0;
  bool serve_runs = false;  ///< of this node

  auto pending() const {
    return std::count_if(plan.begin(), plan.end(), [](const auto& each) { return !each.applied; });
  }
  bool has_room() const { return bytes_free >= bytes_needed; }
};

void look_at_disk(const std::string& path, Outlook& outlook) {
  std::error_code none;
  const auto size = fs::file_size(path, none);
  if (!none && outlook.pending() > 0) outlook.bytes_needed = 2 * static_cast<std::int64_t>(size);
  const auto space = fs::space(fs::absolute(path).parent_path(), none);
  outlook.bytes_free = none ? 0 : static_cast<std::int64_t>(space.available);
}

std::string to_json(const Outlook& outlook) {
  report::Json json;
  json.open();
  json.open_list("migrations");
  for (const auto& each : outlook.plan) {
    json.open();
    json.number("number", each.number);
    json.text("name", each.name);
    json.text("state", each.applied ? "applied" : "pending");
    json.close();
  }
  json.close_list();
  json.number("pending", outlook.pending());
  if (!outlook.on_server) {
    json.number("bytesNeeded", outlook.bytes_needed);
    json.number("bytesFree", outlook.bytes_free);
  }
  json.flag("serveRuns", outlook.serve_runs);
  json.flag("canRun", outlook.has_room());
  json.close();
  return json.str();
}

}  // namespace

int plan_migrations(const SiteCommand& command) {
  const auto config = site_config(command);
  if (!config) return 1;
  Outlook outlook;
  auto plan = plan_site_migrations(*config);
  if (!plan) return failed(store_name(*config), plan.error());
  outlook.plan = std::move(*plan);
  outlook.on_server = on_postgres(*config);
  if (!outlook.on_server) look_at_disk(config->path_of(store_name(*config)), outlook);
  outlook.serve_runs = serve_runs(*config);
  print_one(command, to_json(outlook));
  if (!outlook.has_room())
    return failed(store_name(*config), "there is not enough room on its disk");
  if (outlook.pending() == 0) return 0;
  std::cerr << "back up, stop meridian serve on every node, then run meridian migrate or start the "
               "new serve\n";
  return 0;
}

int migrate(const SiteCommand& command) {
  auto config = site_config(command);
  if (!config) return 1;
  config->store_create = false;
  auto store = open_site_store(*config, StoreUse::run);
  if (!store) return failed(store_name(*config), store.error());
  (*store)->close();
  std::cerr << "the database is up to date\n";
  return plan_migrations(command);
}

}  // namespace meridian::host
