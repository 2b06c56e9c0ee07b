// SPDX-License-Identifier: Apache-2.0
// `meridian referrals`: the referrals of a site's database.
#include <iostream>

#include "host/commands.h"
#include "host/site.h"
#include "report/json.h"

namespace meridian::host {
namespace {

std::string line_of(const store::ReferralRow& row) {
  report::Json json;
  json.open();
  json.text("id", row.id.str());
  json.text("source", row.source.str());
  json.text("order", row.order_ref);
  json.text("direction", row.direction);
  json.text("state", row.state);
  json.text("owner", row.owner);
  json.text("worklist", row.worklist);
  json.text("destination", row.destination.str());
  json.text("updated", to_string(row.updated_at));
  json.close();
  return json.str();
}

}  // namespace

int list_referrals(const std::string& config_file) {
  Issues issues;
  const auto config = load_config(config_file, issues);
  if (has_errors(issues)) {
    print_issues(issues);
    return 1;
  }
  auto store = open_site_store(config, StoreUse::look);
  if (!store) {
    std::cerr << store_path(config) << ": " << store.error().what.view() << '\n';
    return 1;
  }
  constexpr int most = 10'000;
  const auto rows = (*store)->referrals(most);
  if (!rows) {
    std::cerr << store_path(config) << ": " << rows.error().what.view() << '\n';
    return 1;
  }
  for (const auto& row : *rows) std::cout << line_of(row) << '\n';
  (*store)->close();
  return 0;
}

}  // namespace meridian::host
