// SPDX-License-Identifier: Apache-2.0
// The limit that chain_bench.py measures the chain against: what a message costs a program that
// only carries it. A frame comes in by MLLP, is written to a file and synced, acknowledged, sent to
// a sink by MLLP, and marked as delivered by a second write and sync. It reads no field, knows no
// referral and checks nothing; frames that come in at once share a sync.
//
//     chain_floor FILE CONNECTIONS MESSAGES BYTES
//
// FILE: written anew, where the database of the chain would lie. Prints one JSON object: processor
// time of this process (senders and sink are another one) per message, in milliseconds.
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "bench/timing.h"

namespace {

constexpr std::string_view end_of_frame = "\x1c\r";

/// The value, when the call did not fail.
int need(int value, const char* what) {
  if (value >= 0) return value;
  std::perror(what);
  std::exit(1);
}

int listen_on_loopback(std::uint16_t& port) {
  const int socket = need(::socket(AF_INET, SOCK_STREAM, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  need(bind(socket, reinterpret_cast<sockaddr*>(&address), size), "bind");
  need(listen(socket, 128), "listen");
  need(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  port = ntohs(address.sin_port);
  return socket;
}

int connect_to(std::uint16_t port) {
  const int socket = need(::socket(AF_INET, SOCK_STREAM, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  need(connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), "connect");
  return socket;
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    bytes.remove_prefix(
        std::size_t(need(int(send(socket, bytes.data(), bytes.size(), 0)), "send")));
  }
}

void write_and_sync(int file, std::string_view bytes) {
  if (write(file, bytes.data(), bytes.size()) != ssize_t(bytes.size())) need(-1, "write");
  need(fdatasync(file), "fdatasync");
}

/// A line and what of a frame has come so far.
struct Line {
  int socket;
  std::string held = {};

  /// Adds what has come; false at the end of the line.
  bool receive() {
    char bytes[65536];
    const auto size = recv(socket, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    held.append(bytes, std::size_t(size));
    return true;
  }
  /// The next whole frame; empty when there is none yet.
  std::string take() {
    const auto end = held.find(end_of_frame);
    if (end == std::string::npos) return {};
    auto frame = held.substr(0, end + end_of_frame.size());
    held.erase(0, frame.size());
    return frame;
  }
  /// Waits for a whole frame; empty at the end of the line.
  std::string wait() {
    auto frame = take();
    while (frame.empty() && receive()) frame = take();
    return frame;
  }
};

const std::string ack = "\vMSH|^~\\&|A|B|C|D|20260101||ACK|1|P|2.5.1\rMSA|AA|1\r\x1c\r";

/// The other process: senders, each of which waits for its acknowledgement, and the sink.
[[noreturn]] void be_senders_and_sink(std::uint16_t port, int sink, int connections, int messages,
                                      std::size_t bytes) {
  const std::string frame = '\v' + std::string(bytes, 'x') + std::string(end_of_frame);
  std::thread([=] {
    Line line{accept(sink, nullptr, nullptr)};
    while (!line.wait().empty()) send_all(line.socket, ack);
    std::_Exit(0);
  }).detach();
  std::vector<std::thread> senders;
  for (int i = 0; i < connections; ++i) {
    const int mine = messages / connections + (i < messages % connections);
    senders.emplace_back([=] {
      Line line{connect_to(port)};
      for (int sent = 0; sent < mine; ++sent) {
        send_all(line.socket, frame);
        if (line.wait().empty()) std::_Exit(1);
      }
    });
  }
  for (auto& sender : senders) sender.join();
  for (;;) pause();  // until the sink's line ends
}

/// Carries as many messages from the lines to the sink.
void carry(std::vector<Line> lines, Line sink, int file, int messages) {
  std::deque<std::string> to_send;
  bool asked = false;  // the sink has a frame that it has not acknowledged
  std::vector<pollfd> polled;
  for (const auto& line : lines) polled.push_back({line.socket, POLLIN, 0});
  polled.push_back({sink.socket, POLLIN, 0});
  for (int delivered = 0; delivered < messages;) {
    need(poll(polled.data(), polled.size(), -1), "poll");
    std::string came;
    std::vector<int> senders;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (polled[i].revents == 0) continue;
      if (!lines[i].receive()) polled[i].fd = -1;
      for (auto frame = lines[i].take(); !frame.empty(); frame = lines[i].take()) {
        came += frame;
        senders.push_back(lines[i].socket);
        to_send.push_back(std::move(frame));
      }
    }
    if (polled.back().revents != 0 && sink.receive() && !sink.take().empty()) {
      asked = false;
      ++delivered;
      came += "delivered\n";
    }
    if (!came.empty()) write_and_sync(file, came);
    for (const int sender : senders) send_all(sender, ack);
    if (asked || to_send.empty()) continue;
    send_all(sink.socket, to_send.front());
    to_send.pop_front();
    asked = true;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const int connections = std::atoi(argv[2]);
  const int messages = std::atoi(argv[3]);
  std::uint16_t port = 0;
  std::uint16_t sink_port = 0;
  const int listener = listen_on_loopback(port);
  const int sink = listen_on_loopback(sink_port);
  const auto peers = need(fork(), "fork");
  if (peers == 0) {
    be_senders_and_sink(port, sink, connections, messages, std::size_t(std::atoll(argv[4])));
  }
  std::vector<Line> lines;
  for (int i = 0; i < connections; ++i)
    lines.push_back({need(accept(listener, nullptr, nullptr), "accept")});
  const Line to_sink{connect_to(sink_port)};
  const int file = need(open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600), "open");
  const double before = meridian::bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  carry(std::move(lines), to_sink, file, messages);
  const double took = meridian::bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - before;
  close(to_sink.socket);
  waitpid(peers, nullptr, 0);
  std::printf("{\"connections\":%d,\"messages\":%d,\"cpu_ms_each\":%.4f}\n", connections, messages,
              took * 1e3 / messages);
  return 0;
}
