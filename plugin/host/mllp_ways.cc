// SPDX-License-Identifier: Apache-2.0
#include "host/mllp_ways.h"

#include "host/egress_rules.h"

namespace meridian::host {
namespace {

void probe(const Config& config, const PeerConfig& given, Issues& issues) {
  if (given.mllp.empty() || given.deliver != "meridian") return;
  auto sender = hl7v2::MllpSender::create(mllp_settings(config, given));
  const auto reached = sender ? (*sender)->reach() : Result<void>(sender.error());
  if (reached) return;
  const auto code = reached.error().code;
  const char* fix =
      "; check host and port, the firewall, whether the receiver listens, and mllp_plain where it "
      "has no TLS";
  if (code == ErrorCode::untrusted) fix = "; see ca_file, mllp_certificate and mllp_key";
  if (code == ErrorCode::misconfigured) fix = "; see what is said of its host";
  issues.push_back({Severity::error, std::string(error_row(code).fhir_issue),
                    config.file + ":" + std::to_string(given.line) + " (" + given.id + ") mllp",
                    given.mllp + ": " + std::string(reached.error().what.view()) + fix});
}

}  // namespace

hl7v2::SenderSettings mllp_settings(const Config& config, const PeerConfig& given) {
  hl7v2::SenderSettings settings;
  if (const auto address = read_listen(given.mllp)) {
    settings.host = address->address;
    settings.port = address->port;
  }
  settings.tls = !given.mllp_plain;
  settings.ca_file = config.path_of(given.ca_file);
  settings.certificate_file = config.path_of(given.mllp_certificate);
  settings.key_file = config.path_of(given.mllp_key);
  settings.egress = egress_of(config);
  settings.recognises_repeats = given.mllp_recognises_repeats;
  return settings;
}

void probe_mllp(const Config& config, Issues& issues) {
  for (const auto& hospital : config.hospitals) probe(config, hospital, issues);
  for (const auto& clinic : config.clinics) probe(config, clinic, issues);
}

}  // namespace meridian::host
