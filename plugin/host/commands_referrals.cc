// SPDX-License-Identifier: Apache-2.0
// `meridian referrals`: the referrals of a site's database.
#include "flow/describe.h"
#include "host/commands.h"
#include "host/desk_commands.h"
#include "host/site.h"
#include "host/site_command.h"

namespace meridian::host {

int list_referrals(const SiteCommand& command) {
  auto site = open_to_read(command);
  if (!site) return 1;
  constexpr int most = 10'000;
  const auto rows = site->store->referrals(most);
  if (!rows) return failed(store_name(site->config), rows.error());
  std::vector<std::string> lines;
  for (const auto& row : *rows) lines.push_back(flow::referral_json(row));
  print_list(command, lines);
  return 0;
}

int show_referral(const SiteCommand& command, const std::string& id) {
  if (command.patient_data) return reveal(command, "referral/" + id);
  auto site = open_to_read(command);
  if (!site) return 1;
  const ReferralId referral(id);
  const auto row = site->store->referral(referral);
  if (!row) return failed(id, row.error());
  if (!*row) return failed(id, "there is no such referral");
  const auto events = site->store->events(referral);
  if (!events) return failed(id, events.error());
  const auto deliveries = site->store->deliveries(referral);
  if (!deliveries) return failed(id, deliveries.error());
  print_one(command, flow::referral_json(**row, *events, *deliveries));
  return 0;
}

}  // namespace meridian::host
