// SPDX-License-Identifier: Apache-2.0
#include "host/endings.h"

#include "http/certificate.h"

namespace meridian::host {
namespace {

void add(const Config& config, const std::string& what, const std::string& certificate,
         std::vector<Ending>& endings) {
  if (certificate.empty()) return;
  const auto end = http::certificate_end(config.path_of(certificate));
  endings.push_back({"Certificate of " + what, end ? std::optional(*end) : std::nullopt});
}

}  // namespace

std::vector<Ending> endings_of(const Config& config) {
  std::vector<Ending> endings;
  add(config, "[http] " + config.http_listen, config.http_certificate, endings);
  for (const auto& mllp : config.mllp) {
    add(config, "[[mllp]] " + mllp.listen, mllp.certificate, endings);
  }
  for (const auto* peers : {&config.hospitals, &config.clinics}) {
    for (const auto& peer : *peers) {
      add(config, "what we show to " + peer.id, peer.mllp_certificate, endings);
    }
  }
  return endings;
}

}  // namespace meridian::host
