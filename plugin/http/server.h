// SPDX-License-Identifier: Apache-2.0
// The one HTTP/1.1 server: listens, keeps every limit, and hands requests to a router.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/router.h"

namespace boost::asio {
class io_context;
}

namespace meridian::http {

struct Settings {
  std::string address = "127.0.0.1";   ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;              ///< 0: any free one
  int listening = -1;                  ///< a socket that listens there already, borrowed; -1: none
  std::string certificate_file;        ///< PEM chain; with key_file it turns TLS on
  std::string key_file;                ///< PEM
  std::string client_ca;               ///< PEM; with it clients may show a certificate
  bool plain_beyond_loopback = false;  ///< let plain HTTP listen on other than loopback addresses
  std::size_t max_header = 16'384;     ///< bytes of request line and headers; above: 431
  std::uint64_t max_body = 1 << 20;    ///< bytes; above: 413. A route may say otherwise
  std::chrono::milliseconds header_timeout{10'000};  ///< first byte to end of headers; then 408
  std::chrono::milliseconds body_timeout{60'000};    ///< end of headers to end of body; then 408
  std::chrono::milliseconds write_timeout{60'000};   ///< whole response; then the line is cut
  std::chrono::milliseconds idle_timeout{30'000};    ///< between requests; then closed quietly
  std::chrono::milliseconds drain{10'000};           ///< what stop() gives requests under way
  unsigned max_connections = 256;                    ///< above: 503 (plain) or cut (TLS)
  unsigned handler_threads = 4;
  /// Told of each answer: method and pattern of the route ("" when none matched) and the status.
  /// Called on the connection's strand; must not block.
  std::function<void(std::string_view method, std::string_view pattern, int status)> on_answer = {};
  /// The last hand on each response, whoever made it. Called on the connection's strand.
  std::function<void(Response& response)> finish = {};
};

/// Serves a router on one address. A certificate or key that was replaced on disk is used from the
/// next connection on; one that is not right is not, and the one before stays. Connections live on
/// strands of `io`, which the owner runs; handlers and gates run on threads of the server, so that
/// a slow one stalls nobody's reading. A refused request whose body was not read ends its
/// connection; so does everything that two readers could frame differently (RFC 9112 section 11.2).
class Server {
 public:
  /// `io` must outlive the server.
  Server(boost::asio::io_context& io, Settings settings, Router router);
  ~Server();  ///< stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and listens, or takes a copy of Settings::listening; returns the port. Errors:
  /// misconfigured (address, certificate, key, plain beyond loopback), unavailable (the port cannot
  /// be had; detail is errno).
  Result<std::uint16_t> start();

  /// Refuses new connections, lets requests under way finish for Settings::drain, cuts the rest,
  /// and returns when no handler runs any more. Not from a thread that runs `io`. Once or more.
  void stop();

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace meridian::http
