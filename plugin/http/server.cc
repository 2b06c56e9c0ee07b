// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/log.h"
#include "http/acceptor.h"
#include "http/open_sessions.h"
#include "http/session.h"

namespace meridian::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

namespace {

constexpr AcceptorWords words = {"http::Server::start",
                                 "plain HTTP only on loopback",
                                 "http.accept_failed",
                                 {"http.certificate_renewed", "http.certificate_refused"}};

}  // namespace

/// Lives as long as a connection or the server needs it.
class Server::Core : public std::enable_shared_from_this<Server::Core> {
 public:
  Core(asio::io_context& io, Settings settings, Router router)
      : io_(io),
        shared_(std::make_shared<Shared>(std::move(settings), std::move(router))),
        acceptor_(std::make_shared<Acceptor>(io, words)) {}

  Result<std::uint16_t> start();
  void stop();

 private:
  asio::awaitable<void> serve(std::shared_ptr<Session> session);
  asio::awaitable<void> refuse(std::shared_ptr<Transport> transport);
  void take_in(tcp::socket socket);

  asio::io_context& io_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Acceptor> acceptor_;
  OpenSessions<Session> sessions_;
};

Result<std::uint16_t> Server::Core::start() {
  const Settings& settings = shared_->settings;
  return acceptor_->start(
      {settings.address,
       settings.port,
       settings.listening,
       {settings.certificate_file, settings.key_file, settings.client_ca},
       settings.plain_beyond_loopback},
      [self = shared_from_this()](tcp::socket socket) { self->take_in(std::move(socket)); });
}

void Server::Core::take_in(tcp::socket socket) {
  Code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto strand = socket.get_executor();
  auto transport = acceptor_->transport(std::move(socket));
  if (sessions_.size() >= shared_->settings.max_connections) {
    asio::co_spawn(
        strand,
        [self = shared_from_this(), full = std::shared_ptr<Transport>(std::move(transport))]()
            -> asio::awaitable<void> { co_await self->refuse(full); },
        asio::detached);
    return;
  }
  auto session = std::make_shared<Session>(shared_, std::move(transport));
  if (!sessions_.enter(session)) return;
  asio::co_spawn(
      strand,
      [self = shared_from_this(), session]() -> asio::awaitable<void> {
        co_await self->serve(session);
      },
      asio::detached);
}

asio::awaitable<void> Server::Core::serve(std::shared_ptr<Session> session) {
  try {
    co_await session->run();
  } catch (const std::exception&) {
    log(LogLevel::error, "http.session_threw");
    session->cut();
  }
  sessions_.leave(session);
}

/// Too many connections: says so where that costs nothing.
asio::awaitable<void> Server::Core::refuse(std::shared_ptr<Transport> transport) {
  if (acceptor_->has_tls()) co_return;
  const std::string bytes = to_wire(shared_->router.error(503), {false, false, system_now()});
  transport->socket().non_blocking(true);
  const Moved moved = co_await transport->write(bytes.data(), bytes.size());
  static_cast<void>(moved);
  co_await transport->finish();
}

void Server::Core::stop() {
  if (!sessions_.shut()) return;
  shared_->stopping = true;
  acceptor_->stop();
  if (!sessions_.end(io_, shared_->settings.drain)) log(LogLevel::warning, "http.connections_left");
  shared_->handlers.join();
}

Server::Server(asio::io_context& io, Settings settings, Router router)
    : core_(std::make_shared<Core>(io, std::move(settings), std::move(router))) {}

Server::~Server() {
  core_->stop();
}

Result<std::uint16_t> Server::start() {
  return core_->start();
}

void Server::stop() {
  core_->stop();
}

}  // namespace meridian::http
