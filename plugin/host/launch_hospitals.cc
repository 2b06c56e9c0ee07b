// SPDX-License-Identifier: Apache-2.0
#include "host/launch_hospitals.h"

#include <algorithm>

#include "base/read_file.h"
#include "fhir/client/fetch_json.h"
#include "fhir/launch/ehr_sign_in.h"
#include "fhir/launch/limits.h"
#include "host/egress_rules.h"
#include "port/jwk_set.h"

namespace meridian::host {
namespace {

void add(const Config& config, const PeerConfig& hospital, Severity severity, std::string text,
         Issues& issues) {
  issues.push_back({severity, "security", config.file + ":" + std::to_string(hospital.line),
                    "[[hospital]] \"" + hospital.id + "\": " + std::move(text)});
}

std::optional<fhir::SmartKey> key_of(const Config& config, const PeerConfig& hospital,
                                     Issues& issues) {
  if (hospital.smart_key_file.empty()) return std::nullopt;
  const auto pem = read_file(config.path_of(hospital.smart_key_file));
  auto key =
      pem ? fhir::SmartKey::from_pem(*pem, hospital.smart_algorithm, hospital.smart_key_id)
          : Result<fhir::SmartKey>(Error{ErrorCode::not_found, "key", "there is no such file"});
  if (key) return std::move(*key);
  add(config, hospital, Severity::error,
      "smart_key_file \"" + hospital.smart_key_file + "\": " + std::string(key.error().what.view()),
      issues);
  return std::nullopt;
}

/// True, and an issue for each, when its EHR names hosts that the configuration does not.
bool name_others(const Config& config, const PeerConfig& hospital,
                 const fhir::LaunchHospital& launch, const fhir::SignInPlaces& places,
                 Issues& issues) {
  bool others = false;
  for (const auto& url : {places.token_endpoint, places.jwks_uri}) {
    const auto said = unnamed(*launch.egress, url);
    if (said.empty()) continue;
    others = true;
    add(config, hospital, Severity::error, "its EHR " + said, issues);
  }
  return others;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

std::vector<fhir::LaunchHospital> launch_hospitals(const Config& config, Issues& issues) {
  std::vector<fhir::LaunchHospital> hospitals;
  for (const auto& hospital : config.hospitals) {
    if (hospital.smart_client_id.empty()) continue;
    const auto same = [&](const auto& other) {
      return fhir::same_base(other.iss, hospital.smart_iss);
    };
    if (std::any_of(hospitals.begin(), hospitals.end(), same)) {
      add(config, hospital, Severity::error,
          "its smart_iss is that of another hospital; a launch could not tell them apart", issues);
    }
    hospitals.push_back({hospital.id, hospital.smart_iss, hospital.smart_client_id,
                         key_of(config, hospital, issues), hospital.smart_scopes,
                         joined(hospital.smart_origins), config.path_of(hospital.ca_file),
                         egress_of(config)});
  }
  return hospitals;
}

void check_launches(const Config& config, Issues& issues) {
  fhir::EhrSignIn sign_in(system_now);
  for (const auto& launch : launch_hospitals(config, issues)) {
    const auto found = std::find_if(config.hospitals.begin(), config.hospitals.end(),
                                    [&](const auto& each) { return each.id == launch.source; });
    const auto& hospital = *found;
    if (!config.public_url.starts_with("https://")) {
      add(config, hospital, Severity::error,
          "a browser keeps no sign-in for a page in the EHR's frame without https; set [site] "
          "public_url to an https address",
          issues);
    }
    if (hospital.smart_origins.empty()) {
      add(config, hospital, Severity::warning,
          "no smart_origins: no page of the EHR may frame the surgeon's view, it opens in a tab "
          "alone",
          issues);
    }
    const auto places = sign_in.places_of(launch);
    if (places && name_others(config, hospital, launch, *places, issues)) continue;
    const auto text = places ? fhir::fetch_json(places->jwks_uri, launch.ca_file,
                                                fhir::launch_limits(), launch.egress)
                             : Result<std::string>(places.error());
    const auto keys = text ? JwkSet::parse_for_sign_in(*text) : Result<JwkSet>(text.error());
    if (keys) continue;
    add(config, hospital, Severity::error,
        "smart_iss \"" + launch.iss + "\": " + std::string(keys.error().what.view()) +
            "; nobody could be signed in by it",
        issues);
  }
}

}  // namespace meridian::host
