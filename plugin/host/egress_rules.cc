// SPDX-License-Identifier: Apache-2.0
#include "host/egress_rules.h"

#include <algorithm>

#include "fhir/client/origin.h"

namespace meridian::host {
namespace {

/// A host as a table has it.
struct Named {
  Place place;
  std::string key;
  int line = 0;
};

class Names {
 public:
  void add_url(const std::string& url, std::string key, int line) {
    const auto read = fhir::wire::parse_url(url);
    if (read) list.push_back({{host_name(read->host), read->port}, std::move(key), line});
  }

  void add_place(const std::string& host, int port, std::string key, int line) {
    if (host.empty()) return;
    list.push_back({{host_name(host), static_cast<std::uint16_t>(port)}, std::move(key), line});
  }

  void add_peer(const PeerConfig& peer) {
    add_url(peer.fhir, "fhir", peer.line);
    add_url(peer.auth.issuer, "issuer", peer.line);
    add_url(peer.cds_jku, "cds_jku", peer.line);
    add_url(peer.smart_iss, "smart_iss", peer.line);
    for (const auto& url : peer.notify) add_url(url, "notify", peer.line);
    if (const auto mllp = read_listen(peer.mllp)) {
      add_place(mllp->address, mllp->port, "mllp", peer.line);
    }
  }

  std::vector<Named> list;
};

std::vector<Named> named_in(const Config& config) {
  Names names;
  for (const auto& peer : config.hospitals) names.add_peer(peer);
  for (const auto& peer : config.clinics) names.add_peer(peer);
  names.add_peer(config.directory_of_clinics.server);
  for (const auto& contact : config.contacts) names.add_url(contact.pager, "pager", contact.line);
  names.add_url(config.sign_in.issuer, "issuer", config.sign_in.line);
  names.add_url(config.openhim.api, "api", config.openhim.line);
  names.add_place(config.mail.host, config.mail.port, "host", config.mail.line);
  for (const auto& host : config.egress.hosts) {
    if (const auto place = parse_place(host)) {
      names.list.push_back({*place, "hosts", config.egress.line});
    }
  }
  return std::move(names.list);
}

}  // namespace

EgressRules egress_rules(const Config& config) {
  EgressRules rules;
  for (auto& named : named_in(config)) rules.places.insert(std::move(named.place));
  for (const auto& text : config.egress.networks) {
    if (const auto network = parse_network(text)) rules.networks.push_back(*network);
  }
  return rules;
}

std::shared_ptr<const Egress> egress_of(const Config& config) {
  return std::make_shared<const Egress>(egress_rules(config));
}

std::string unnamed(const Egress& egress, const std::string& url) {
  const auto read = fhir::wire::parse_url(url);
  if (!read) return "names \"" + url + "\", which is no http(s) URL";
  if (egress.names(read->host, read->port)) return {};
  return "names " + url + ", and the configuration does not: add \"" + read->authority() +
         "\" to [egress] hosts if it is right";
}

void check_egress(const Config& config, const Egress& egress, Issues& issues) {
  std::set<std::pair<std::string, int>> looked_up;  // one host of one table, once
  for (const auto& [place, key, line] : named_in(config)) {
    if (!looked_up.insert({place.host, line}).second) continue;
    const auto add = [&, where = config.file + ":" + std::to_string(line) + " " + key](
                         Severity severity, std::string text) {
      issues.push_back({severity, "security", where, "egress: " + std::move(text)});
    };
    const auto found = egress.judge(place.host);
    if (found.empty()) add(Severity::warning, place.host + " cannot be resolved; check DNS");
    const bool reachable = std::any_of(found.begin(), found.end(),
                                       [](const auto& one) { return one.refused.view().empty(); });
    for (const auto& one : found) {
      if (one.refused.view().empty()) continue;
      const auto leads = one.address == place.host ? "" : " resolves to " + one.address + ", which";
      add(reachable ? Severity::warning : Severity::error,
          place.host + leads + " " + std::string(one.refused.view()) +
              ": nothing connects there; " + std::string(one.fix.view()));
    }
  }
}

}  // namespace meridian::host
