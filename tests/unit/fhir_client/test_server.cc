// SPDX-License-Identifier: Apache-2.0
#include "unit/fhir_client/test_server.h"

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

namespace meridian::test {
namespace {

void block_pipe_signal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

std::shared_ptr<SSL_CTX> server_context(const Identity& identity) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  return context;
}

Seen parse_head(const std::string& head) {
  Seen seen;
  const auto first = head.find("\r\n");
  const std::string line = head.substr(0, first);
  const auto space = line.find(' ');
  seen.method = line.substr(0, space);
  seen.target = line.substr(space + 1, line.rfind(' ') - space - 1);
  for (auto at = first + 2; at < head.size();) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    const auto colon = head.find(':', at);
    if (colon < end) {
      seen.headers[lower(head.substr(at, colon - at))] = head.substr(colon + 2, end - colon - 2);
    }
    at = end + 2;
  }
  return seen;
}

}  // namespace

/// One accepted connection.
struct TestServer::Peer {
  int socket;
  SSL* tls = nullptr;
  std::string buffer;

  bool read_more() {
    char bytes[4096];
    const auto size = tls != nullptr ? SSL_read(tls, bytes, sizeof bytes)
                                     : ::recv(socket, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    buffer.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto size = tls != nullptr
                            ? SSL_write(tls, bytes.data(), static_cast<int>(bytes.size()))
                            : ::send(socket, bytes.data(), bytes.size(), 0);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

  std::optional<Seen> read_request() {
    std::size_t head_end = 0;
    while ((head_end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    Seen seen = parse_head(buffer.substr(0, head_end));
    buffer.erase(0, head_end + 4);
    if (seen.headers.count(lower(close_on_head)) > 0) return std::nullopt;
    const auto length = seen.headers.find("content-length");
    const std::size_t size = length == seen.headers.end() ? 0 : std::stoul(length->second);
    while (buffer.size() < size) {
      if (!read_more()) return std::nullopt;
    }
    seen.body = buffer.substr(0, size);
    buffer.erase(0, size);
    return seen;
  }

  /// True when the client has gone; waits no longer than that many milliseconds.
  bool gone_within(int milliseconds) const {
    pollfd entry{socket, POLLIN | POLLRDHUP, 0};
    return ::poll(&entry, 1, milliseconds) > 0;
  }
};

Reply json(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = {{"Content-Type", "application/fhir+json;charset=UTF-8"}};
  return reply;
}

TestServer::TestServer(Handler handler, std::optional<Identity> identity)
    : handler_(std::move(handler)) {
  if (identity) tls_ = server_context(*identity);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port on loopback");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

TestServer::~TestServer() {
  ended_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::scoped_lock lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

std::string TestServer::url(const std::string& path, const std::string& host) const {
  return std::string(tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_) + path;
}

std::vector<Seen> TestServer::seen() const {
  const std::scoped_lock lock(mutex_);
  return seen_;
}

void TestServer::wait_for(std::size_t requests) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return seen_.size() >= requests; });
}

void TestServer::accept_all() {
  block_pipe_signal();
  while (!ended_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::scoped_lock lock(mutex_);
    sockets_.push_back(socket);
    const int number = ++accepted_;
    threads_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

void TestServer::serve(int socket, int number) {
  Peer peer{socket, nullptr, {}};
  bool open = true;
  if (tls_) {
    peer.tls = SSL_new(tls_.get());
    SSL_set_fd(peer.tls, socket);
    open = SSL_accept(peer.tls) == 1;
  }
  while (open) {
    auto request = peer.read_request();
    if (!request) break;
    request->connection = number;
    {
      const std::scoped_lock lock(mutex_);
      seen_.push_back(*request);
      changed_.notify_all();
    }
    Reply reply;
    {
      const std::scoped_lock lock(handler_mutex_);
      reply = handler_(*request);
    }
    open = answer(peer, reply);
  }
  if (peer.tls != nullptr) {
    SSL_shutdown(peer.tls);
    SSL_free(peer.tls);
  }
  const std::scoped_lock lock(mutex_);
  sockets_.remove(socket);
  ::close(socket);
}

/// False when the connection is to be closed.
bool TestServer::answer(Peer& peer, const Reply& reply) {
  if (reply.fault == Fault::close_unanswered) return false;
  if (reply.fault == Fault::hang) {
    while (!ended_ && !peer.gone_within(50)) {
    }
    return false;
  }
  if (!reply.raw.empty()) {
    peer.send(reply.raw);
    return false;
  }
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Told\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  std::string body = reply.body;
  if (reply.chunked) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", body.size());
    head += "Transfer-Encoding: chunked\r\n";
    body = size + body + "\r\n0\r\n\r\n";
  } else if (reply.status != 204) {
    head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  head += "\r\n";
  if (reply.fault == Fault::drip) {
    peer.send(head);
    while (!ended_ && !peer.gone_within(2) && peer.send(" ")) {
    }
    return false;
  }
  if (reply.fault == Fault::cut_body) {
    peer.send(head + body.substr(0, body.size() / 2));
    return false;
  }
  return peer.send(head + body) && reply.fault != Fault::close_after;
}

}  // namespace meridian::test
