// SPDX-License-Identifier: Apache-2.0
#include "unit/http/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace meridian::test {

Wire::Wire(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int result = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  EXPECT_EQ(result, 0) << "cannot connect";
}

Wire::~Wire() {
  close(fd_);
}

void Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has closed; the test looks at what it said
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Wire::more() {
  pollfd waiting{fd_, POLLIN, 0};
  if (poll(&waiting, 1, 10'000) != 1) {
    ADD_FAILURE() << "the server neither answered nor closed";
    return false;
  }
  char bytes[8192];
  const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::string Wire::response(bool head_only) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return std::exchange(buffer_, {});
  }
  end += 4;
  const auto at = buffer_.find("Content-Length: ");
  const std::size_t length =
      at < end && !head_only ? std::stoul(buffer_.substr(at + 16)) : std::size_t{0};
  while (buffer_.size() < end + length) {
    if (!more()) return std::exchange(buffer_, {});
  }
  std::string out = buffer_.substr(0, end + length);
  buffer_.erase(0, end + length);
  return out;
}

std::string Wire::rest() {
  while (more()) {
  }
  return std::exchange(buffer_, {});
}

std::string status_of(const std::string& response) {
  return response.size() < 12 ? "" : response.substr(9, 3);
}

std::string body_of(const std::string& response) {
  const auto end = response.find("\r\n\r\n");
  return end == std::string::npos ? "" : response.substr(end + 4);
}

}  // namespace meridian::test
