// SPDX-License-Identifier: Apache-2.0
// Sends one request to wherever its URL says, on a kept connection when there is one.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "fhir/client/client_settings.h"
#include "fhir/client/connection.h"

namespace meridian::fhir::wire {

/// Knows nothing of tokens, retries or FHIR. Thread-safe.
class Transport {
 public:
  /// Errors: misconfigured.
  static Result<std::unique_ptr<Transport>> create(TlsFiles files, const ClientLimits& limits);

  /// One attempt. Only a kept connection that turns out to be closed is replaced by a new one, and
  /// only when the request did not leave or is `repeatable`. Errors: as Connector::open and
  /// Connection::exchange; stopping when stop() came before the request left.
  Result<HttpAnswer> send(const HttpRequest& request, bool repeatable, SteadyTime deadline);

  SocketWatch& watch() { return watch_; }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    SteadyTime until;
  };

  explicit Transport(const ClientLimits& limits) : limits_(limits) {}
  std::unique_ptr<Connection> take_idle(const std::string& origin);
  void keep_idle(const std::string& origin, std::unique_ptr<Connection> connection,
                 const HttpAnswer& answer);
  Result<HttpAnswer> send_fresh(const HttpRequest& request, SteadyTime deadline);

  ClientLimits limits_;
  SocketWatch watch_;
  std::unique_ptr<Connector> connector_;
  std::mutex mutex_;
  std::map<std::string, std::deque<Idle>> idle_;  // by origin; newest at the back
};

}  // namespace meridian::fhir::wire
