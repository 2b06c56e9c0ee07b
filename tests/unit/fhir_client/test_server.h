// SPDX-License-Identifier: Apache-2.0
// A small HTTP server on loopback, plain or TLS, that answers and misbehaves as a test says.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "unit/fhir_client/certificates.h"

namespace meridian::test {

/// A request as the server got it.
struct Seen {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  int connection = 0;  ///< counted from 1 in the order they were accepted
};

/// A request header at which the server closes before it reads the body.
constexpr const char* close_on_head = "X-Close-On-Head";

enum class Fault {
  none,
  close_unanswered,  ///< the request is read, then the connection closed
  hang,              ///< nothing is sent until the server ends
  drip,              ///< one byte of the answer at a time, for ever
  cut_body,          ///< half of the body, then close
  close_after,       ///< the answer promises to stay, then the connection closes
};

struct Reply {
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Fault fault = Fault::none;
  bool chunked = false;
  std::string raw;  ///< when set, these bytes in place of an HTTP answer, then close
};

/// {"Content-Type", "application/fhir+json"} and the body.
Reply json(int status, std::string body);

class TestServer {
 public:
  using Handler = std::function<Reply(const Seen&)>;

  /// Starts on a free port of 127.0.0.1, with TLS when there is an identity. The handler is called
  /// by one thread at a time.
  explicit TestServer(Handler handler, std::optional<Identity> identity = std::nullopt);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url(const std::string& path = "", const std::string& host = "127.0.0.1") const;
  std::uint16_t port() const { return port_; }
  std::vector<Seen> seen() const;
  std::size_t count() const { return seen().size(); }
  int connections() const { return accepted_; }
  /// Blocks until that many requests have come.
  void wait_for(std::size_t requests) const;

 private:
  struct Peer;
  void accept_all();
  void serve(int socket, int number);
  bool answer(Peer& peer, const Reply& reply);

  Handler handler_;
  std::shared_ptr<struct ssl_ctx_st> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::atomic<bool> ended_ = false;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::mutex handler_mutex_;
  std::vector<Seen> seen_;
  std::list<int> sockets_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace meridian::test
