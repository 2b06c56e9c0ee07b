// SPDX-License-Identifier: Apache-2.0
// A server with two io threads for the length of a test.
#pragma once

#include <memory>

#include "http/server.h"

namespace meridian::test {

class RunningServer {
 public:
  RunningServer(http::Settings settings, http::Router router);
  ~RunningServer();

  std::uint16_t port() const { return port_; }
  http::Server& server();

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
  std::uint16_t port_ = 0;
};

/// GET /echo and POST /echo give back the path and the body; GET /throws throws; GET /trace
/// gives the id of the trace that its thread works for, or "none".
http::Router echo_router();

}  // namespace meridian::test
