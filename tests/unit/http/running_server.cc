// SPDX-License-Identifier: Apache-2.0
#include "unit/http/running_server.h"

#include <stdexcept>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/trace.h"

namespace meridian::test {

struct RunningServer::Threads {
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::unique_ptr<http::Server> server;
  std::vector<std::thread> threads;
};

RunningServer::RunningServer(http::Settings settings, http::Router router)
    : threads_(std::make_unique<Threads>()) {
  threads_->server =
      std::make_unique<http::Server>(threads_->io, std::move(settings), std::move(router));
  const auto port = threads_->server->start();
  EXPECT_TRUE(port) << port.error().what.view();
  if (port) port_ = *port;
  for (int i = 0; i < 2; ++i) threads_->threads.emplace_back([this] { threads_->io.run(); });
}

RunningServer::~RunningServer() {
  threads_->server->stop();
  threads_->work.reset();
  for (auto& thread : threads_->threads) thread.join();
}

http::Server& RunningServer::server() {
  return *threads_->server;
}

http::Router echo_router() {
  const auto echo = [](const http::Request& request) {
    return http::make_response(200, "text/plain", request.path + "|" + request.body);
  };
  http::Router router;
  router.add({"GET", "/echo", echo}).add({"POST", "/echo", echo});
  router.add({"GET", "/trace", [](const http::Request&) {
                const auto* trace = current_trace();
                return http::make_response(200, "text/plain", trace ? trace->id : "none");
              }});
  router.add({"GET", "/throws", [](const http::Request&) -> http::Response {
                throw std::runtime_error("a library did this");
              }});
  return router;
}

}  // namespace meridian::test
