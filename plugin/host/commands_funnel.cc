// SPDX-License-Identifier: Apache-2.0
// `meridian funnel`: how many referrals came how far, how fast, and where the others stand.
#include "flow/funnel_groups.h"
#include "host/commands.h"
#include "host/engine_settings.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/json.h"

namespace meridian::host {
namespace {

std::string hours_of(std::chrono::seconds time) {
  const auto tenths = (time.count() + 180) / 360;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string counted(const std::map<std::string, int>& by_name) {
  std::string words;
  for (const auto& [name, count] : by_name) {
    if (!words.empty()) words += ", ";
    words += name + " " + std::to_string(count);
  }
  return words;
}

std::string step_json(const std::string& group, routing::Step step, const routing::FunnelStep& row,
                      int of) {
  report::Json json;
  json.open();
  json.text("group", group);
  json.text("step", routing::step_name(step));
  if (!routing::is_unknown(row)) json.number("reached", row.reached);
  // A share of all would make a loss of what nobody knows.
  if (row.not_known == 0) {
    json.number("percent", of == 0 ? 0 : (200LL * row.reached + of) / (2LL * of));
  } else {
    json.number("notKnown", row.not_known);
  }
  if (row.median) json.raw("medianHours", hours_of(*row.median));
  if (row.ninety) json.raw("ninetyPercentHours", hours_of(*row.ninety));
  json.text("standing", counted(row.standing));
  if (!row.reasons.empty()) json.text("reasons", counted(row.reasons));
  json.close();
  return json.str();
}

}  // namespace

int print_funnel(const SiteCommand& command, const std::string& since) {
  const auto day = since.empty() ? std::optional(Day{}) : parse_day(since);
  if (!day) return failed("--since", "expected a day as 2026-11-20"), 2;
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto groups = flow::read_funnels(
      *site->store, {Instant(*day), store::Orderers::named, reading_seen_at(site->config)});
  if (!groups) return failed(store_name(site->config), groups.error());
  std::vector<std::string> lines;
  for (const auto& [group, funnel] : *groups) {
    for (std::size_t step = 0; step < routing::step_count; ++step) {
      lines.push_back(
          step_json(group, static_cast<routing::Step>(step), funnel[step], funnel.front().reached));
    }
  }
  print_list(command, lines);
  return 0;
}

}  // namespace meridian::host
