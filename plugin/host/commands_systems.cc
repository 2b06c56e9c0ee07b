// SPDX-License-Identifier: Apache-2.0
// `meridian systems`: hospitals and clinics, what is paused, and what waits for them.
#include "flow/pauses.h"
#include "host/commands.h"
#include "host/site.h"
#include "host/site_command.h"
#include "report/json.h"

namespace meridian::host {
namespace {

std::string line_of(const PeerConfig& peer, const char* kind, flow::Way way,
                    const std::vector<flow::Pause>& pauses, const store::Tallies& tallies) {
  const auto* pause = flow::find_pause(pauses, peer.id, way);
  std::int64_t waiting = 0;
  for (const auto& one : tallies.deliveries) {
    const bool counts = way == flow::Way::out && one.destination.str() == peer.id && one.oldest;
    if (counts) waiting += one.count;
  }
  report::Json json;
  json.open();
  json.text("system", peer.id);
  json.text("kind", kind);
  json.text("way", flow::way_name(way));
  json.flag("paused", pause != nullptr);
  json.text("words", pause == nullptr ? "" : flow::words_of(*pause));
  json.number("waiting", waiting);
  json.close();
  return json.str();
}

}  // namespace

int list_systems(const SiteCommand& command) {
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto pauses = flow::read_pauses(*site->store);
  if (!pauses) return failed(store_name(site->config), pauses.error());
  const auto tallies = site->store->tallies();
  if (!tallies) return failed(store_name(site->config), tallies.error());
  std::vector<std::string> lines;
  const auto add = [&](const std::vector<PeerConfig>& peers, const char* kind) {
    for (const auto& peer : peers) {
      for (const auto way : {flow::Way::in, flow::Way::out}) {
        lines.push_back(line_of(peer, kind, way, *pauses, *tallies));
      }
    }
  };
  add(site->config.hospitals, "hospital");
  add(site->config.clinics, "clinic");
  print_list(command, lines);
  return 0;
}

}  // namespace meridian::host
