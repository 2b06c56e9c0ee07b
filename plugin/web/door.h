// SPDX-License-Identifier: Apache-2.0
// Who may call a route: decided by the head of a request, before one byte of its body is read.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "http/router.h"
#include "port/callers.h"

namespace meridian::web {

/// Remembers which addresses showed wrong tokens. Thread-safe; the memory it takes is bounded.
class Failures {
 public:
  static constexpr int most = 10;                       ///< within `span`, then it is locked
  static constexpr std::chrono::seconds span{60};       ///< failures are forgotten after it
  static constexpr std::chrono::seconds lock{60};       ///< how long an address stays locked
  static constexpr std::size_t most_addresses = 4'096;  ///< the oldest is forgotten above

  void add(const std::string& address, Instant at);
  bool is_locked(const std::string& address, Instant at) const;

 private:
  struct Count {
    int failures = 0;
    Instant since;
    Instant locked_until;
  };
  void forget_oldest();

  mutable std::mutex mutex_;
  std::map<std::string, Count> counts_;
};

/// Recognises callers by a bearer token (RFC 6750) or by a TLS client certificate.
///
///     router.add({"GET", "/ops/outbox", handler, door.only({Role::operations})});
///
/// and in the handler `door.caller(request)`. Thread-safe once the server runs.
class Door {
 public:
  explicit Door(Callers callers, Clock clock = system_now);

  /// Lets in callers with one of these roles. Others get 401 (not recognised), 403 (another role)
  /// or 429 (too many wrong tokens), each with an OperationOutcome that says what to do.
  /// `here` is what somebody without a token is who sits at the machine itself; none: nobody.
  http::Gate only(std::vector<Role> roles, Role here = Role::none);

  /// Who the gate let in.
  Caller caller(const http::Request& request) const;

 private:
  std::optional<http::Response> admit(http::Request& request, const std::vector<Role>& roles,
                                      Role here);
  std::optional<Caller> recognise(const http::Request& request) const;

  const Callers callers_;
  Clock clock_;
  Failures failures_;
};

/// True for a request from this machine. One that a proxy passed on is not.
bool is_local(const http::Request& request);

}  // namespace meridian::web
