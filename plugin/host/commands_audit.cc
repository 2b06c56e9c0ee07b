// SPDX-License-Identifier: Apache-2.0
// `meridian audit`: who was told what, who saw what, who changed what; and whether the list is
// whole.
#include "host/commands.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/json.h"

namespace meridian::host {
namespace {

std::string line_of(const store::AuditRow& row) {
  report::Json json;
  json.open();
  json.number("number", row.number);
  json.text("at", to_string(row.at));
  json.text("event", row.event);
  json.text("by", row.actor);
  json.text("of", row.object);
  json.text("outcome", row.outcome);
  json.close();
  return json.str();
}

std::string whole(std::int64_t entries, const Result<store::AuditHead>& head,
                  const std::vector<store::RestoreRow>& restores) {
  report::Json json;
  json.open();
  json.flag("whole", true);
  json.number("entries", entries);
  if (head) {  // a node that never ran has none
    json.open("head");
    json.text("node", head->node);
    json.number("count", head->count);
    json.text("mac", head->mac);
    json.text("signature", head->signature);
    json.close();
  }
  json.open_list("restores");
  for (const auto& restore : restores) {
    json.open();
    json.text("restoredAt", to_string(restore.restored_at));
    json.text("backupOf", to_string(restore.taken_at));
    json.text("chainsInBackup", restore.cut);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

std::string broken(std::int64_t first_bad) {
  report::Json json;
  json.open();
  json.flag("whole", false);
  json.number("firstBad", first_bad);
  json.close();
  return json.str();
}

}  // namespace

int list_audit(const SiteCommand& command, int most) {
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto rows = site->store->audit(most);
  if (!rows) return failed(store_name(site->config), rows.error());
  std::vector<std::string> lines;
  for (const auto& row : *rows) lines.push_back(line_of(row));
  print_list(command, lines);
  return 0;
}

int verify_audit(const SiteCommand& command) {
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto entries = site->store->verify_audit();
  if (!entries && entries.error().code == ErrorCode::store_damaged) {
    print_one(command, broken(entries.error().detail));
    return failed(store_name(site->config),
                  "the audit chain is broken; keep a copy and find out why");
  }
  if (!entries) return failed(store_name(site->config), entries.error());
  const auto restores = site->store->restores();
  if (!restores) return failed(store_name(site->config), restores.error());
  print_one(command, whole(*entries, site->store->audit_head(), *restores));
  return 0;
}

}  // namespace meridian::host
