// SPDX-License-Identifier: Apache-2.0
// The port of a server: opened as its settings say, and every connection handed on until it closes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/result.h"
#include "http/renewed_tls.h"
#include "http/transport.h"

namespace meridian::http {

/// Where a server listens, and with which certificate.
struct Place {
  std::string address;     ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;  ///< 0: any free one
  int listening = -1;      ///< a socket that listens there already, borrowed; -1: none
  TlsFiles tls;            ///< without certificate and key: plain
  bool plain_beyond_loopback = false;
};

/// What log and errors say of it.
struct AcceptorWords {
  Literal where;          ///< of an Error
  Literal refused_plain;  ///< plain was asked for beyond the loopback
  Literal accept_failed;
  RenewalEvents renewal;
};

class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  /// Called for each connection, on the acceptor's strand; its socket has a strand of its own.
  using TakeIn = std::function<void(boost::asio::ip::tcp::socket socket)>;

  /// `io` must outlive it; its owner runs it.
  Acceptor(boost::asio::io_context& io, AcceptorWords words);

  /// Listens, and keeps `take_in` until stop(); returns the port. Once. Errors: misconfigured
  /// (address, certificate, key, plain beyond loopback), unavailable (the port cannot be had;
  /// detail is errno).
  Result<std::uint16_t> start(const Place& place, TakeIn take_in);
  /// Nobody is taken in any more. Any thread; once or more.
  void stop();

  bool has_tls() const { return tls_ != nullptr; }
  /// TLS with the certificate of now, where there is one. From `take_in` only.
  std::unique_ptr<Transport> transport(boost::asio::ip::tcp::socket socket);

 private:
  Result<void> prepare_tls(const Place& place, bool is_loopback);
  boost::asio::awaitable<void> accept(const TakeIn& take_in);
  Error failed(ErrorCode code, Literal what, int number) const;

  boost::asio::io_context& io_;
  AcceptorWords words_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::unique_ptr<RenewedTls> tls_;  ///< after start() on the acceptor's strand only
  std::atomic<bool> stopping_{false};
};

}  // namespace meridian::http
