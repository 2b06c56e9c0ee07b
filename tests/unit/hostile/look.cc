// SPDX-License-Identifier: Apache-2.0
#include "unit/hostile/look.h"

#include <gtest/gtest.h>

#include "fhir/exchange/fhir_renderer.h"
#include "unit/hostile/attacks.h"
#include "unit/hostile/markup.h"

namespace meridian::test {

int look_at_all(HostileSite& site, const std::string& what) {
  int seen = 0;
  const auto sources = site.sources();
  for (const auto& page : site.open_all()) {
    for (const auto& fault : faults_of(page.html, sources)) {
      ADD_FAILURE() << what << " on " << page.who << " " << page.path << ": " << fault;
    }
    seen += page.html.find(mark) != std::string::npos ? 1 : 0;
  }
  return seen;
}

bool look_at_first_pages(HostileSite& site, const std::string& what) {
  bool seen = false;
  const auto sources = site.sources();
  for (const auto& page : site.open_first()) {
    EXPECT_LT(page.status, 500) << what << " " << page.path;
    for (const auto& fault : faults_of(page.html, sources)) {
      ADD_FAILURE() << what << " on " << page.who << " " << page.path << ": " << fault;
    }
    seen = seen || page.html.find(mark) != std::string::npos;
  }
  return seen;
}

void print_nothing(HostileSite& site) {
  for (auto& peer : site.bench.peers.list) {
    if (peer->kind != flow::PeerKind::pager) {
      peer->renderer =
          std::make_unique<fhir::FhirRenderer>(std::make_shared<const fhir::Capabilities>());
    }
  }
}

}  // namespace meridian::test
