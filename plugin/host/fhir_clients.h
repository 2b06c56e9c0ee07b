// SPDX-License-Identifier: Apache-2.0
// The clients of configured FHIR servers: how each signs in, and what its dialect says of calls.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/dialect.h"
#include "host/config.h"

namespace meridian::host {

/// Clients of one program share tokens, and those of one server the calls that it takes in a
/// minute. Faults are issues at the line of the peer's table. One thread.
class FhirClients {
 public:
  FhirClients(const Config& config, Issues& issues);

  /// Null, and an issue, when it cannot be made. Does not connect.
  std::unique_ptr<fhir::FhirClient> make(const PeerConfig& given,
                                         const fhir::ClientLimits& limits = {});

  /// Makes a client that shows the token of whoever asks at a screen; may outlive this, and be
  /// called from any thread.
  std::function<Result<std::unique_ptr<fhir::FhirClient>>(const Sensitive<std::string>&)>
  with_token(const PeerConfig& given);

  /// What of a peer's table does not go with its dialect. False when something is an error.
  bool fits(const PeerConfig& given, const fhir::Dialect& dialect);

 private:
  fhir::ClientSettings settings_of(const PeerConfig& given) const;
  std::shared_ptr<fhir::CallBudget> budget_of(const fhir::ClientSettings& settings);
  bool sign_in(const PeerConfig& given, fhir::ClientSettings& settings);
  void add(Severity severity, const PeerConfig& given, std::string text);

  const Config& config_;
  Issues& issues_;
  std::shared_ptr<const Egress> egress_;
  std::shared_ptr<fhir::TokenCache> tokens_;
  std::map<std::string, std::shared_ptr<fhir::CallBudget>> budgets_;  // by base URL
};

}  // namespace meridian::host
