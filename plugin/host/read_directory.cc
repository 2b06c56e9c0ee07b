// SPDX-License-Identifier: Apache-2.0
#include "host/read_directory.h"

#include "base/read_file.h"
#include "fhir/read/reader.h"
#include "routing/receivers_of.h"
#include "routing/tie.h"

namespace meridian::host {
namespace {

routing::Receiver stated_of(const PeerConfig& peer, std::uint32_t preference) {
  routing::Receiver stated;
  stated.preference = preference;
  stated.name = peer.name;
  stated.modalities = peer.modalities;
  if (peer.latitude && peer.longitude) stated.position = {*peer.latitude, *peer.longitude};
  stated.state = routing::state_code(peer.state);
  stated.postal_code = peer.postal_code;
  if (!peer.licence_state.empty() || !peer.licence_until.empty()) {
    stated.licences = {
        {routing::state_code(peer.licence_state), parse_day(peer.licence_until), ""}};
  }
  stated.agreement_until = parse_day(peer.agreement_until);
  stated.accepts_new_patients = peer.accepts_new_patients;
  for (const auto& network : peer.networks) {
    stated.networks.push_back(routing::normalized_name(network));
  }
  stated.visit_modes = peer.visit_modes;
  stated.languages = peer.languages;
  stated.age_from = peer.age_from;
  stated.age_to = peer.age_to;
  stated.capacity_per_week = peer.capacity_per_week;
  stated.paused = peer.paused;
  return stated;
}

/// Hospitals receive too: what a clinic sends back.
std::vector<routing::Connection> connections_of(const Config& config) {
  std::vector<routing::Connection> connections;
  for (const auto* peers : {&config.hospitals, &config.clinics}) {
    for (const auto& peer : *peers) {
      const auto& sent_to = peer.fhir.empty() ? peer.mllp : peer.fhir;
      const auto address = peer.reads_here() ? "endpoint:" + peer.id : sent_to;
      if (address.empty()) continue;  // nothing can be sent to it
      const auto preference = static_cast<std::uint32_t>(connections.size());
      connections.push_back({DestinationId(peer.id), peer.directory_name, address, peer.services,
                             stated_of(peer, preference),
                             config.file + ":" + std::to_string(peer.line)});
    }
  }
  return connections;
}

routing::Policy policy_of(const DirectoryConfig& config) {
  routing::Policy policy;
  policy.radius_km = config.radius_km;
  policy.require = {config.require.begin(), config.require.end()};
  policy.licence_where_patient_lives = config.licence_where == "patient";
  policy.capacity_per_week = config.capacity_per_week;
  return policy;
}

routing::Directory made_of(const Config& config, std::vector<routing::Listed> listed,
                           Issues& issues) {
  return {routing::tie(std::move(listed), connections_of(config), issues),
          policy_of(config.directory_of_clinics), system_now()};
}

/// Larger than messages of one patient are.
ReadOptions wide() {
  ReadOptions options;
  options.source_id = "directory";
  options.max_bytes = std::size_t{4} << 30;
  options.max_resources = 10'000'000;
  options.max_values = 400'000'000;
  return options;
}

Result<RecordSet> records_in(std::string_view bytes) {
  auto records = read_fhir(bytes, wide());
  if (!records) return records.error();
  for (const auto& issue : records->issues) {
    const bool broken = issue.severity == Severity::fatal ||
                        (issue.severity == Severity::error && issue.code == "structure");
    if (broken) return Error{ErrorCode::malformed, "directory", "it breaks off or is not FHIR"};
  }
  return records;
}

Result<RecordSet> records_of_file(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return Error{ErrorCode::not_found, "directory", "the file cannot be read"};
  return records_in(*bytes);
}

Result<RecordSet> records_of_server(fhir::FhirClient& server) {
  RecordSet all;
  for (const char* type : {"HealthcareService", "PractitionerRole", "Practitioner", "Organization",
                           "Location", "Endpoint"}) {
    const auto pages = server.search(type, {{"_count", "500"}});
    if (pages.failure) return *pages.failure;
    if (pages.completeness != Completeness::complete) {
      return Error{ErrorCode::unavailable, "directory", "the server gave only a part of it"};
    }
    for (const auto& page : pages.bodies) {
      auto records = records_in(page);
      if (!records) return records.error();
      merge(all, std::move(*records));
    }
  }
  return all;
}

}  // namespace

Result<routing::Directory> read_directory(const Config& config, fhir::FhirClient* server,
                                          const Terminology& terminology, Issues& issues) {
  const auto& from = config.directory_of_clinics;
  if (!from.listed()) return read_site_alone(config, issues);
  if (from.file.empty() && server == nullptr) {
    return Error{ErrorCode::misconfigured, "directory", "[directory] fhir cannot be used"};
  }
  const auto records =
      from.file.empty() ? records_of_server(*server) : records_of_file(config.path_of(from.file));
  if (!records) return records.error();
  auto listed = routing::receivers_of(*records, terminology, issues);
  if (listed.empty()) {
    return Error{ErrorCode::malformed, "directory", "nobody in it can receive a referral"};
  }
  return made_of(config, std::move(listed), issues);
}

routing::Directory read_site_alone(const Config& config, Issues& issues) {
  Issues ignored;  // a name in a directory that was not read
  auto directory = made_of(config, {}, ignored);
  if (!config.directory_of_clinics.listed()) {
    issues.insert(issues.end(), ignored.begin(), ignored.end());
  }
  return directory;
}

KeeperSettings keeper_settings(const DirectoryConfig& config) {
  KeeperSettings settings;
  if (config.listed()) settings.interval = std::chrono::minutes(config.refresh_minutes);
  settings.most_lost = config.lost_percent / 100.0;
  return settings;
}

}  // namespace meridian::host
