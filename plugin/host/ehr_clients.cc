// SPDX-License-Identifier: Apache-2.0
#include "host/ehr_clients.h"

#include "base/read_file.h"
#include "cds_hooks/ehr_keys.h"
#include "fhir/client/fetch_json.h"
#include "host/egress_rules.h"

namespace meridian::host {
namespace {

void fault(const Config& config, const PeerConfig& hospital, std::string text, Issues& issues) {
  issues.push_back({Severity::error, "security", config.file + ":" + std::to_string(hospital.line),
                    "[[hospital]] \"" + hospital.id + "\": " + std::move(text)});
}

/// A caller waits for it.
Result<std::string> fetch_keys(const std::string& url, const std::string& ca_file,
                               const std::shared_ptr<const Egress>& egress) {
  fhir::ClientLimits limits;
  limits.connect = limits.attempt = std::chrono::seconds(3);
  limits.response_bytes = 1 << 20;
  return fhir::fetch_json(url, ca_file, limits, egress);
}

Result<JwkSet> read_keys(const Config& config, const PeerConfig& hospital) {
  const auto text = read_file(config.path_of(hospital.cds_jwks_file));
  if (!text) return Error{ErrorCode::not_found, "jwks", "there is no such file"};
  return JwkSet::parse(*text);
}

cds_hooks::KeysWith keys_of(const Config& config, const PeerConfig& hospital, Issues& issues) {
  if (hospital.cds_jwks_file.empty()) {
    const auto keys = std::make_shared<cds_hooks::EhrKeys>(
        [url = hospital.cds_jku, ca = config.path_of(hospital.ca_file),
         egress = egress_of(config)] { return fetch_keys(url, ca, egress); });
    return [keys](std::string_view kid, std::string_view algorithm) {
      return keys->with(kid, algorithm);
    };
  }
  auto read = read_keys(config, hospital);
  if (!read) {
    fault(config, hospital,
          "cds_jwks_file \"" + hospital.cds_jwks_file +
              "\": " + std::string(read.error().what.view()),
          issues);
    return [](std::string_view, std::string_view) { return nullptr; };
  }
  const auto keys = std::make_shared<const JwkSet>(std::move(*read));
  return [keys](std::string_view kid, std::string_view algorithm) {
    return keys->has(kid, algorithm) ? keys : nullptr;
  };
}

}  // namespace

std::vector<cds_hooks::Client> ehr_clients(const Config& config, const flow::Peers& peers,
                                           Issues& issues) {
  std::vector<cds_hooks::Client> clients;
  for (const auto& hospital : config.hospitals) {
    if (hospital.cds_issuer.empty()) continue;
    cds_hooks::Client client;
    client.source = hospital.id;
    client.trust = {hospital.cds_issuer, hospital.cds_tenant, hospital.cds_jku};
    client.keys = keys_of(config, hospital, issues);
    client.fhir_base = hospital.fhir;
    client.token_used = hospital.cds_use_token;
    client.within = std::chrono::milliseconds(hospital.cds_milliseconds);
    client.origins = hospital.cds_origins;
    const auto* peer = peers.find(hospital.id);
    if (peer != nullptr && peer->gatherer) client.queries = peer->gatherer->queries();
    clients.push_back(std::move(client));
  }
  return clients;
}

void check_ehr_clients(const Config& config, Issues& issues) {
  for (const auto& hospital : config.hospitals) {
    if (hospital.cds_issuer.empty()) continue;
    if (config.public_url.empty()) {
      fault(config, hospital,
            "its EHR names the address that it calls in each token (aud); set [site] public_url",
            issues);
    }
    if (!hospital.cds_jwks_file.empty()) {
      keys_of(config, hospital, issues);
      continue;
    }
    const auto text =
        fetch_keys(hospital.cds_jku, config.path_of(hospital.ca_file), egress_of(config));
    const auto keys = text ? JwkSet::parse(*text) : Result<JwkSet>(text.error());
    if (keys) continue;
    fault(config, hospital,
          "cds_jku \"" + hospital.cds_jku + "\": " + std::string(keys.error().what.view()) +
              "; no call of the EHR could be checked",
          issues);
  }
}

}  // namespace meridian::host
