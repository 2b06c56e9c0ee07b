// SPDX-License-Identifier: Apache-2.0
#include "host/openhim.h"

#include "fhir/client/fetch_json.h"
#include "fhir/client/origin.h"
#include "host/clients.h"
#include "host/egress_rules.h"

namespace meridian::host {
namespace {

fhir::ClientLimits limits_of_a_beat() {
  fhir::ClientLimits limits;
  limits.connect = limits.attempt = limits.total = std::chrono::milliseconds(5'000);
  return limits;
}

std::string without_slash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

std::string name_of(const Config& config) {
  return "Meridian" + (config.site_name.empty() ? "" : " of " + config.site_name);
}

}  // namespace

openhim::Endpoint endpoint_of(const std::string& url) {
  const auto read = fhir::wire::parse_url(url);
  if (!read) return {};
  return {read->host, read->port, read->secure()};
}

std::unique_ptr<openhim::Mediator> openhim_mediator(const Config& config,
                                                    std::function<std::string()> address,
                                                    Issues& issues) {
  const auto& given = config.openhim;
  if (given.api.empty()) return nullptr;
  const auto fault = [&](std::string text) {
    issues.push_back({Severity::error, "invalid", config.file + ":" + std::to_string(given.line),
                      "[openhim] " + std::move(text)});
    return nullptr;
  };
  const auto api = fhir::wire::parse_url(given.api);
  if (!api || !fhir::wire::may_connect(*api, false)) {
    return fault("api must be an https URL as \"https://openhim.example:8080\"");
  }
  auto password = read_secret(config.path_of(given.password_file));
  if (!password) {
    return fault("password_file \"" + given.password_file +
                 "\": " + std::string(password.error().what.view()));
  }
  openhim::MediatorSettings settings;
  settings.api = without_slash(given.api);
  settings.user = given.user;
  settings.password = std::move(*password);
  settings.urn = given.urn.empty() ? "urn:mediator:meridian-" + config.node : given.urn;
  settings.name = name_of(config);
  settings.version = MERIDIAN_VERSION;
  settings.endpoint = [address = std::move(address)] { return endpoint_of(address()); };
  const auto ca_file = config.path_of(given.ca_file);
  const auto egress = egress_of(config);
  settings.get = [ca_file, egress](const std::string& url) {
    return fhir::fetch_json(url, ca_file, limits_of_a_beat(), egress);
  };
  settings.post = [ca_file, egress](const std::string& url, const openhim::Headers& headers,
                                    const std::string& json) -> Result<openhim::Answer> {
    auto answer = fhir::post_json(url, json, headers, ca_file, limits_of_a_beat(), egress);
    if (!answer) return answer.error();
    return openhim::Answer{answer->status, std::move(answer->body)};
  };
  return std::make_unique<openhim::Mediator>(std::move(settings));
}

}  // namespace meridian::host
