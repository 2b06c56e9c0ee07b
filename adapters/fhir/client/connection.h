// SPDX-License-Identifier: Apache-2.0
// One connection to an origin, plain or TLS, and one exchange at a time on it. Poco lives here
// only.
#pragma once

#include <memory>
#include <string>

#include "base/egress.h"
#include "base/result.h"
#include "fhir/client/http_message.h"
#include "fhir/client/socket_watch.h"

namespace meridian::fhir::wire {

/// Files that TLS needs; each may be empty.
struct TlsFiles {
  std::string ca;  ///< PEM; empty: the system's authorities
  std::string client_certificate;
  std::string client_key;
};

/// A connection is used by one thread at a time.
class Connection {
 public:
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends the request and reads the whole answer, of any status. Redirects are not followed.
  /// Errors: unavailable when the request did not leave completely, so that it cannot have been
  /// carried out; interrupted or timed_out when it may have been; too_large; malformed.
  Result<HttpAnswer> exchange(const HttpRequest& request, SteadyTime deadline,
                              std::size_t max_body);

  /// True when the last answer began to arrive, whole or not.
  bool answer_begun() const;

  /// True when another exchange may follow: the peer agreed and has neither closed nor spoken.
  bool reusable() const;

 private:
  friend class Connector;
  struct Parts;
  explicit Connection(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Opens connections. TLS 1.2 or later, chain and host name always checked, also on loopback.
/// Thread-safe.
class Connector {
 public:
  /// Errors: misconfigured, when a file cannot be used. `watch` must outlive all connections.
  static Result<std::unique_ptr<Connector>> create(TlsFiles files, SocketWatch& watch,
                                                   std::shared_ptr<const Egress> egress);
  ~Connector();
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

  /// `timeout` is for connecting to each address of the name and for the handshake, each; looking
  /// up the name takes what the system's resolver takes. Errors: those of Egress::addresses,
  /// unavailable, untrusted (detail is OpenSSL's X509_V_ERR_*).
  Result<std::unique_ptr<Connection>> open(const Url& url, SteadyTime deadline,
                                           std::chrono::milliseconds timeout);

 private:
  struct Parts;
  explicit Connector(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace meridian::fhir::wire
