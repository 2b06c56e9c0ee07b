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
  std::vector<std::pair<std::string, std::string>> pages = {
      {"clinic", "/inbox"}, {"operations", "/operations"}, {"here", "/"}};
  const auto rows = site.bench.store->referrals(1);
  for (const auto& row : rows ? *rows : std::vector<store::ReferralRow>()) {
    const auto id = row.id.str();
    pages.emplace_back("clinic", "/inbox/" + id);
    pages.emplace_back("operations", "/operations/referral/" + id);
    pages.emplace_back("here",
                       "/forms/" + site.bench.desk->form_token({id, Role::staff, site.bench.now}));
    pages.emplace_back("here", "/sign-offs/" + site.bench.desk->sign_off_token(
                                                   {id, Role::clinician, site.bench.now}));
  }
  bool seen = false;
  const auto sources = site.sources();
  for (const auto& [who, path] : pages) {
    const auto page = site.ask(who, "GET", path);
    EXPECT_LT(page.status, 500) << what << " " << path;
    for (const auto& fault : faults_of(page.body, sources)) {
      ADD_FAILURE() << what << " on " << who << " " << path << ": " << fault;
    }
    seen = seen || page.body.find(mark) != std::string::npos;
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
