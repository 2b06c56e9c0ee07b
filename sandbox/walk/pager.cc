// SPDX-License-Identifier: Apache-2.0
#include "walk/pager.h"

#include <stdexcept>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "http/server.h"

namespace meridian::sandbox {

struct Pager::Serving {
  explicit Serving(http::Router router) : server(io, http::Settings{}, std::move(router)) {
    const auto started = server.start();
    if (!started) throw std::runtime_error("no free port for the pager");
    port = *started;
    thread = std::thread([this] { io.run(); });
  }
  ~Serving() {
    server.stop();
    io.stop();
    thread.join();
  }

  boost::asio::io_context io;
  http::Server server;
  std::uint16_t port = 0;
  std::thread thread;
};

Pager::Pager(const Story& story) {
  http::Router router;
  router.add({"POST", "/page", [this](const http::Request& request) {
                auto alert = Json::parse(request.body);
                if (!alert) return http::make_response(400, "text/plain", "not JSON\n");
                const std::lock_guard lock(mutex_);
                alerts_.push_back(std::move(*alert));
                return http::make_response(202, "text/plain", "paged\n");
              }});
  router.add({"GET", "/", [&story](const http::Request&) {
                return http::make_response(200, "text/html; charset=utf-8", story.html());
              }});
  serving_ = std::make_unique<Serving>(std::move(router));
}

Pager::~Pager() = default;

std::string Pager::page() const {
  return "http://127.0.0.1:" + std::to_string(serving_->port) + "/";
}

std::string Pager::url() const {
  return page() + "page";
}

std::vector<Json> Pager::alerts() const {
  const std::lock_guard lock(mutex_);
  return alerts_;
}

}  // namespace meridian::sandbox
