// SPDX-License-Identifier: Apache-2.0
// `meridian replay`: what these rules and code lists would have decided, and for whom otherwise.
#include <algorithm>
#include <array>
#include <iostream>
#include <unistd.h>

#include "flow/replay.h"
#include "host/commands.h"
#include "host/read_site.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/json.h"
#include "report/table.h"

namespace meridian::host {
namespace {

using flow::Outcome;

/// What is looked for first comes first.
constexpr std::array<Outcome, 4> order = {Outcome::changed, Outcome::pruned, Outcome::equal,
                                          Outcome::undecided};

struct Lines {
  std::array<std::vector<std::string>, 4> of;  ///< by place in `order`

  std::vector<std::string>& with(Outcome outcome) {
    return of[static_cast<std::size_t>(std::find(order.begin(), order.end(), outcome) -
                                       order.begin())];
  }
};

std::string counts_json(const ReadSite& site, Lines& lines) {
  report::Json json;
  json.open();
  json.text("rules", site.knowledge.rules.version);
  json.text("content", site.knowledge.digest);
  for (const auto outcome : order) {
    json.number(flow::outcome_name(outcome), static_cast<long long>(lines.with(outcome).size()));
  }
  json.close();
  return json.str();
}

std::string counts_words(const ReadSite& site, Lines& lines) {
  std::string text = "Under " + site.knowledge.rules.version + " (" + site.knowledge.digest + "):";
  for (const auto outcome : order) {
    text += (outcome == order.front() ? " " : ", ") + std::to_string(lines.with(outcome).size()) +
            " " + flow::outcome_name(outcome);
  }
  return text + ".";
}

}  // namespace

int replay_decisions(const SiteCommand& command, const ReplayCommand& given) {
  const auto site = open_read_site(command, given.rules);
  if (!site) return 1;
  const auto rows = site->store->referrals(given.most);
  if (!rows) return failed(store_name(site->config), rows.error());
  Lines lines;
  for (const auto& row : *rows) {
    const auto replayed = flow::replay(*site->core, row);
    if (!replayed) return failed(row.id.str(), replayed.error());
    lines.with(replayed->outcome).push_back(flow::replayed_json(*site->core, row, *replayed));
  }
  std::vector<std::string> all;
  for (const auto& part : lines.of) all.insert(all.end(), part.begin(), part.end());
  if (command.table || (is_terminal(STDOUT_FILENO) && !given.json)) {
    std::cout << report::table(all) << counts_words(*site, lines) << '\n';
  } else {
    for (const auto& line : all) std::cout << line << '\n';
    std::cout << counts_json(*site, lines) << '\n';
  }
  if (rows->size() == static_cast<std::size_t>(given.most)) {
    std::cerr << "only the newest " << given.most << " referrals; --most decides more again\n";
  }
  return 0;
}

}  // namespace meridian::host
