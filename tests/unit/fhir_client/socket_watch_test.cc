// SPDX-License-Identifier: Apache-2.0
// Who watches the deadlines of exchanges sleeps until the next one, and is woken for an earlier
// one.
#include "fhir/client/socket_watch.h"

#include <array>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace meridian::fhir::wire {
namespace {

using namespace std::chrono_literals;

/// Two sockets that are connected.
class Line {
 public:
  Line() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  int socket() const { return ends_[0]; }

  /// Returns when the socket was shut down.
  ssize_t receive() const {
    char byte = 0;
    return ::recv(ends_[0], &byte, 1, 0);
  }

 private:
  std::array<int, 2> ends_{};
};

TEST(SocketWatch, EndsEachExchangeAtItsTime) {
  const Line late;
  const Line first;
  const Line second;
  SocketWatch watch;
  const auto in = [](auto time) { return std::chrono::steady_clock::now() + time; };
  const SocketWatch::Guard of_late(watch, late.socket(), in(1h));
  const SocketWatch::Guard of_first(watch, first.socket(), in(1ms));
  EXPECT_EQ(first.receive(), 0);
  // From here on the watch sleeps for an hour.
  const SocketWatch::Guard of_second(watch, second.socket(), in(1ms));
  EXPECT_EQ(second.receive(), 0) << "due before what it sleeps for";
  EXPECT_TRUE(of_first.ended());
  EXPECT_TRUE(of_second.ended());
  EXPECT_FALSE(of_late.ended());
}

}  // namespace
}  // namespace meridian::fhir::wire
