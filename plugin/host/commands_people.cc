// SPDX-License-Identifier: Apache-2.0
// `meridian people`: who may sign in.
#include "flow/people_by_hand.h"
#include "host/commands.h"
#include "host/site.h"
#include "host/site_command.h"

namespace meridian::host {

int list_people(const SiteCommand& command) {
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto rows = site->store->people();
  if (!rows) return failed(store_name(site->config), rows.error());
  std::vector<std::string> lines;
  for (const auto& row : *rows) lines.push_back(flow::person_json(row));
  print_list(command, lines);
  return 0;
}

}  // namespace meridian::host
