// SPDX-License-Identifier: Apache-2.0
// A client that puts any bytes on a socket, also those that no client would.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meridian::test {

/// One connection to 127.0.0.1. Reads give up after ten seconds, which no passing test waits for.
class Wire {
 public:
  explicit Wire(std::uint16_t port);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void send(std::string_view bytes);

  /// One response: head and as many bytes as it announces. "" when the connection ended instead.
  std::string response(bool head_only = false);

  /// All that comes until the other end closes.
  std::string rest();

  int descriptor() const { return fd_; }

 private:
  bool more();

  int fd_;
  std::string buffer_;
};

/// The status of a response as text: "413".
std::string status_of(const std::string& response);

/// What follows the empty line.
std::string body_of(const std::string& response);

}  // namespace meridian::test
