// SPDX-License-Identifier: Apache-2.0
#include "unit/hl7v2_mllp/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace meridian::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

MllpWire::MllpWire(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto address = loopback(port);
  const int result = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  EXPECT_EQ(result, 0) << "cannot connect";
}

MllpWire MllpWire::of(int descriptor) {
  MllpWire wire;
  wire.fd_ = descriptor;
  return wire;
}

MllpWire::MllpWire(MllpWire&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      decoder_(std::move(other.decoder_)),
      pending_(std::move(other.pending_)) {}

MllpWire::~MllpWire() {
  if (fd_ >= 0) close(fd_);
}

void MllpWire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the other end has closed; the test looks at what it said
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void MllpWire::send_frame(std::string_view content) {
  send("\x0b" + std::string(content) + "\x1c\r");
}

std::string MllpWire::frame() {
  while (true) {
    std::string_view unread = pending_;
    auto frame = decoder_.read(unread);
    pending_ = std::string(unread);
    if (frame) return frame->bytes;
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, 20'000) != 1) {
      ADD_FAILURE() << "the other end neither answered nor closed";
      return {};
    }
    char bytes[8192];
    const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return {};
    pending_.assign(bytes, static_cast<std::size_t>(got));
  }
}

void MllpWire::half_close() {
  shutdown(fd_, SHUT_WR);
}

void MllpWire::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(std::exchange(fd_, -1));
}

struct RunningListener::Threads {
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::unique_ptr<hl7v2::Listener> listener;
  std::vector<std::thread> threads;
};

RunningListener::RunningListener(hl7v2::ListenerSettings settings, hl7v2::Acknowledger acknowledge)
    : threads_(std::make_unique<Threads>()) {
  threads_->listener =
      std::make_unique<hl7v2::Listener>(threads_->io, std::move(settings), std::move(acknowledge));
  const auto port = threads_->listener->start();
  EXPECT_TRUE(port) << port.error().what.view();
  if (port) port_ = *port;
  for (int i = 0; i < 2; ++i) threads_->threads.emplace_back([this] { threads_->io.run(); });
}

RunningListener::~RunningListener() {
  threads_->listener->stop();
  threads_->work.reset();
  for (auto& thread : threads_->threads) thread.join();
}

hl7v2::Listener& RunningListener::listener() {
  return *threads_->listener;
}

ScriptedPeer::ScriptedPeer(std::vector<Script> connections)
    : listening_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(listening_, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(listening_, 8), 0);
  EXPECT_EQ(getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
  if (connections.empty()) {
    close(listening_);  // at once, so that nobody gets in before the thread runs
    return;
  }
  thread_ = std::thread([this, scripts = std::move(connections)] {
    for (const auto& script : scripts) {
      pollfd waiting{listening_, POLLIN, 0};
      if (poll(&waiting, 1, 20'000) != 1) {
        ADD_FAILURE() << "nobody connected";
        break;
      }
      auto wire = MllpWire::of(accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC));
      script(wire);
    }
    close(listening_);
  });
}

ScriptedPeer::~ScriptedPeer() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace meridian::test
