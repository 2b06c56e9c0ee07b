// SPDX-License-Identifier: Apache-2.0
#include "unit/fhir_exchange/fhir_peer.h"

#include <fstream>
#include <sstream>

#include "fhir_server/placeholders.h"
#include "places.h"

namespace meridian::test {

FhirPeer::FhirPeer(sandbox::ServerSettings settings) : store_(std::move(settings)) {
  server_ = std::make_unique<TestServer>([this](const Seen& seen) { return handle(seen); });
  store_.service().set_base(base());
}

Reply FhirPeer::handle(const Seen& seen) {
  if (instead) {
    if (auto reply = instead(seen)) return *reply;
  }
  http::Fields headers;
  for (const auto& [name, value] : seen.headers) headers.push_back({name, value});
  const auto response =
      store_.send(seen.method, seen.target.substr(std::string("/fhir").size()), seen.body, headers);
  Reply reply;
  reply.status = response.status;
  reply.body = response.body;
  for (const auto& header : response.headers) reply.headers.emplace_back(header.name, header.value);
  if (spoil) spoil(seen, reply);
  return reply;
}

std::unique_ptr<fhir::FhirClient> FhirPeer::client() const {
  ClientFixture fixture(base());
  fixture.surroundings.waiter = [](std::chrono::milliseconds) { return true; };
  return fixture.client();
}

void FhirPeer::put(const std::string& resource) {
  store_.service().load(resource);
}

void FhirPeer::load(const std::string& file) {
  std::ifstream in(std::string(test::source_folder) + "/sandbox/data/" + file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  store_.service().load(sandbox::fill_placeholders(
      text.str(), *parse_instant("2026-11-20T10:00:00Z"), {{"clinic_base", base()}}));
}

sandbox::Json FhirPeer::read(const std::string& reference) {
  return store_.json("GET", "/" + reference);
}

std::size_t FhirPeer::count(const std::string& query) {
  std::istringstream found(ids(query));
  std::size_t count = 0;
  for (std::string id; found >> id;) ++count;
  return count;
}

std::size_t requests(const FhirPeer& peer, const std::string& method, const std::string& target) {
  std::size_t count = 0;
  for (const auto& seen : peer.server().seen()) {
    count += seen.method == method && seen.target.starts_with(target) ? 1U : 0U;
  }
  return count;
}

}  // namespace meridian::test
