// SPDX-License-Identifier: Apache-2.0
// `meridian explain`: how a decision came about, for a person.
#include <iostream>

#include "flow/explain.h"
#include "flow/stored_json.h"
#include "host/commands.h"
#include "host/desk_door.h"
#include "host/read_site.h"
#include "host/site.h"
#include "host/site_command.h"

namespace meridian::host {
namespace {

/// With patient data it is the desk's: whoever sees it is kept in the audit first.
int explain_through_desk(const SiteCommand& command, const std::string& id) {
  const auto config = site_config(command);
  if (!config) return 1;
  Issues issues;
  auto door = DeskDoor::open(*config, issues);
  print_issues(issues);
  if (!door) return failed(store_name(*config), door.error());
  std::string words;
  const auto answer =
      door->intervene({"reveal", "explanation/" + id, "", "", true}, name_of(command), words);
  if (!answer) return failed(id, words);
  std::cout << flow::text_in(flow::parsed(*answer), "text");
  return 0;
}

}  // namespace

int explain_referral(const SiteCommand& command, const std::string& id) {
  if (command.patient_data) return explain_through_desk(command, id);
  const auto site = open_read_site(command, "");
  if (!site) return 1;
  const auto text = flow::explain(*site->core, ReferralId(id), false);
  if (!text) return failed(id, text.error());
  std::cout << *text;
  return 0;
}

}  // namespace meridian::host
