// SPDX-License-Identifier: Apache-2.0
// Listens for HL7 v2 messages by MLLP.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "hl7v2/mllp/frame.h"

namespace boost::asio {
class io_context;
}

namespace meridian::hl7v2 {

struct ListenerSettings {
  std::string address = "127.0.0.1";   ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;              ///< 0: any free one
  int listening = -1;                  ///< a socket that listens there already, borrowed; -1: none
  std::string certificate_file;        ///< PEM chain; with key_file it turns TLS on
  std::string key_file;                ///< PEM
  std::string client_ca;               ///< PEM; with it a client must show a certificate
  bool plain_beyond_loopback = false;  ///< let plain MLLP listen on other than loopback addresses
  std::size_t max_bytes = 16 << 20;    ///< of one message
  std::size_t max_junk = 64 << 10;     ///< bytes outside frames; above: cut
  unsigned max_connections = 64;       ///< above: cut
  unsigned max_per_peer = 16;          ///< of these, from one address; above: cut
  double max_per_second = 0;           ///< messages from one address; 0: any. Above: read later
  std::chrono::milliseconds idle_timeout{std::chrono::hours(24)};  ///< between messages; then cut
  std::chrono::milliseconds read_timeout{60'000};   ///< handshake, and first to last byte; then cut
  std::chrono::milliseconds write_timeout{30'000};  ///< whole acknowledgement; then cut
  /// A frame that ends with 0x1C alone is taken when nothing follows for so long.
  std::chrono::milliseconds tail_timeout{1'000};
  std::chrono::milliseconds drain{10'000};  ///< what stop() gives messages under way
  unsigned handler_threads = 4;
};

/// Who sent a message.
struct Remote {
  std::string address;              ///< without port
  std::string certificate_subject;  ///< RFC 2253, of a client certificate we trust; "": none
  std::string certificate_key;      ///< SHA-256 of its public key, lower-case hexadecimal
};

/// Gives the acknowledgement for one frame, or "" for none, once the message is durable. Called on
/// threads of the listener, of one connection one at a time and in order; may block. When it throws
/// the connection is cut: the sender does not know, and sends again.
using Acknowledger = std::function<std::string(Frame frame, const Remote& from)>;

/// Accepts connections, keeps every limit and has each message acknowledged before the next one of
/// its connection is looked at. Nothing that a peer sends ends more than its own connection.
class Listener {
 public:
  /// `io` must outlive the listener; its owner runs it.
  Listener(boost::asio::io_context& io, ListenerSettings settings, Acknowledger acknowledge);
  ~Listener();  ///< stops
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Binds and listens, or takes a copy of ListenerSettings::listening; returns the port. Errors:
  /// misconfigured (address, certificate, key, plain beyond loopback), unavailable (the port cannot
  /// be had; detail is errno).
  Result<std::uint16_t> start();

  /// Refuses new connections, lets messages under way be acknowledged for `drain`, cuts the rest,
  /// and returns when no handler runs any more. Not from a thread that runs `io`. Once or more.
  void stop();

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace meridian::hl7v2
