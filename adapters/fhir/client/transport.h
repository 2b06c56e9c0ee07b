// SPDX-License-Identifier: Apache-2.0
// Sends one request to wherever its URL says, on a kept connection when there is one.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "fhir/client/call_budget.h"
#include "fhir/client/client_settings.h"
#include "fhir/client/connection.h"

namespace meridian::fhir::wire {

/// When a request may go.
struct Pace {
  std::shared_ptr<CallBudget> budget;  ///< empty: at once
  Clock clock;
  Waiter wait;
};

/// Knows nothing of tokens, retries or FHIR. Thread-safe.
class Transport {
 public:
  /// Errors: misconfigured.
  static Result<std::unique_ptr<Transport>> create(TlsFiles files, const ClientLimits& limits,
                                                   std::shared_ptr<const Egress> egress);

  /// One attempt. Only a kept connection that turns out to be closed is replaced by a new one, and
  /// only when the request did not leave or is `repeatable`. Errors: as Connector::open and
  /// Connection::exchange; stopping when stop() came before the request left; throttled when its
  /// turn would come after the deadline.
  Result<HttpAnswer> send(const HttpRequest& request, bool repeatable, SteadyTime deadline);

  /// Every request waits for its turn from now on.
  void keep_pace(Pace pace) { pace_ = std::move(pace); }

  SocketWatch& watch() { return watch_; }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    SteadyTime until;
  };

  explicit Transport(const ClientLimits& limits) : limits_(limits) {}
  Result<void> wait_for_turn(SteadyTime deadline);
  std::unique_ptr<Connection> take_idle(const std::string& origin);
  void keep_idle(const std::string& origin, std::unique_ptr<Connection> connection,
                 const HttpAnswer& answer);
  Result<HttpAnswer> exchange(const HttpRequest& request, bool repeatable, SteadyTime deadline);
  Result<HttpAnswer> send_fresh(const HttpRequest& request, SteadyTime deadline);

  ClientLimits limits_;
  Pace pace_;
  SocketWatch watch_;
  std::unique_ptr<Connector> connector_;
  std::mutex mutex_;
  std::map<std::string, std::deque<Idle>> idle_;  // by origin; newest at the back
};

}  // namespace meridian::fhir::wire
