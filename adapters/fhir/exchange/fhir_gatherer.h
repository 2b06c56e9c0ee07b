// SPDX-License-Identifier: Apache-2.0
// Reads one patient's history from a FHIR server, and says of each kind how complete it is.
#pragma once

#include <functional>
#include <memory>

#include "base/time.h"
#include "fhir/client/fhir_client.h"
#include "fhir/exchange/dialect.h"
#include "port/ports.h"

namespace meridian::fhir {

struct GathererSettings {
  std::string base_url;  ///< for the fullUrl of resources that came without one
  Dialect dialect;
  Clock clock = system_now;
  int page_size = 100;
  /// A client of the same server that shows this token; empty: none but our own is ever shown.
  std::function<Result<std::unique_ptr<FhirClient>>(const Sensitive<std::string>& token)>
      client_with = {};
};

/// The facts are one collection Bundle around the bytes of each resource as received, in the order
/// of the dialect's searches; a resource that came twice is kept once, in its latest version.
///
/// An order that came without address is among the facts as its message said it, with the records
/// that came along, about the patient that its identifiers mean at the server.
///
/// Kinds of the history: order, encounters, conditions, observations, imaging, procedures,
/// medications, allergies, coverage, answers. When the patient is not resolved each is failed with
/// detail "patient".
///
/// With GatherRequest::until the searches are made several at a time, and what was read by then
/// stands beside what was not.
class FhirGatherer : public Gatherer {
 public:
  /// `client` must outlive the gatherer.
  FhirGatherer(FhirClient& client, GathererSettings settings);

  /// Errors: those of the client, when the patient could not even be asked for.
  Result<Gathered> gather(const GatherRequest& request) override;
  Result<std::string> doubt(const GatherRequest& request) override;
  /// The searches of the dialect, by kind, and "patient".
  std::vector<Query> queries() const override;

 private:
  FhirClient& client_;
  GathererSettings settings_;
};

}  // namespace meridian::fhir
