// SPDX-License-Identifier: Apache-2.0
// A FHIR server that behaves as one vendor's does, and our real client, gatherer, poll and sender
// for it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fhir/exchange/dialect.h"
#include "fhir/exchange/fhir_gatherer.h"
#include "unit/fhir_exchange/fhir_peer.h"

namespace meridian::test {

/// The sandbox's FHIR server under a vendor's dialect. What is special of a vendor stands in its
/// own test file: an answer in place of the server's, or a change of it.
class Vendor : public FhirPeer {
 public:
  explicit Vendor(const std::string& dialect, sandbox::ServerSettings settings = {});

  const fhir::Dialect& dialect() const { return dialect_; }
  fhir::ClientSettings settings() const;
  /// A client as the dialect says; while it waits, the clock goes on and nobody waits.
  std::unique_ptr<fhir::FhirClient> client();
  std::unique_ptr<fhir::FhirClient> client(const fhir::ClientSettings& settings);

  /// An invented patient p1 with an order s1 and one record of most kinds.
  void admit_patient(const std::string& patient = "p1", const std::string& order = "s1");
  Result<Gathered> gather(const std::string& patient = "p1", const std::string& order = "s1",
                          int page_size = 100);

  Instant now = fixed_now;
  std::vector<std::chrono::milliseconds> waits;

 private:
  fhir::Dialect dialect_;
};

/// A search as a server reads it.
struct Asked {
  std::string type;  ///< "Observation"; empty for pages and the root
  std::string id;    ///< of a read
  std::multimap<std::string, std::string> params;

  bool has(const std::string& name) const { return params.count(name) > 0; }
  std::string operator[](const std::string& name) const {
    const auto found = params.find(name);
    return found == params.end() ? "" : found->second;
  }
};
Asked asked(const Seen& seen);

/// An OperationOutcome; `detail` is a vendor's own code, empty for none.
std::string outcome(const std::string& severity, const std::string& code,
                    const std::string& detail = "");
/// A searchset of these resources; one that is an OperationOutcome has search.mode outcome.
std::string page(const std::vector<std::string>& resources, const std::string& next = "");

/// The kind as the history has it; a kind that was not asked for fails the test.
const QueryResult& kind(const Gathered& gathered, const std::string& name);

}  // namespace meridian::test
