// SPDX-License-Identifier: Apache-2.0
// A sandbox FHIR server on loopback whose line can fail as a test says, and a client for it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fhir/client/fhir_client.h"
#include "unit/fhir_client/client_fixture.h"
#include "unit/fhir_client/test_server.h"
#include "unit/sandbox/direct_client.h"

namespace meridian::test {

class FhirPeer {
 public:
  explicit FhirPeer(sandbox::ServerSettings settings = {});

  /// A client that waits in no time between its tries.
  std::unique_ptr<fhir::FhirClient> client() const;
  std::string base() const { return server_->url("/fhir"); }

  /// Creates or puts a resource with its own id.
  void put(const std::string& resource);
  /// Loads a file of sandbox/data with its placeholders filled.
  void load(const std::string& file);
  /// The resource as the server has it.
  sandbox::Json read(const std::string& reference);
  /// The ids that a search finds.
  std::string ids(const std::string& query) { return store_.ids("/" + query); }
  std::size_t count(const std::string& query);

  /// Asked before a request is carried out; an answer stands in place of the server's.
  std::function<std::optional<Reply>(const Seen&)> instead;
  /// Asked when it was carried out; may spoil the answer.
  std::function<void(const Seen&, Reply&)> spoil;

  const TestServer& server() const { return *server_; }
  DirectClient& store() { return store_; }

 private:
  Reply handle(const Seen& seen);

  DirectClient store_;
  std::unique_ptr<TestServer> server_;
};

/// Counts the requests that were seen with this method and a target that begins so.
std::size_t requests(const FhirPeer& peer, const std::string& method, const std::string& target);

}  // namespace meridian::test
