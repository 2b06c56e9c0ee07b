// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "http/renewed_tls.h"
#include "http/session.h"

namespace meridian::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds accept_pause{100};  // after EMFILE and its like
constexpr std::chrono::milliseconds last_wait{5'000};   // for connections that were cut

Error failed(ErrorCode code, Literal what, const Code& error) {
  return Error{code, "http::Server::start", what, error.value()};
}

}  // namespace

/// Lives as long as a connection or the server needs it.
class Server::Core : public std::enable_shared_from_this<Server::Core> {
 public:
  Core(asio::io_context& io, Settings settings, Router router)
      : io_(io),
        shared_(std::make_shared<Shared>(std::move(settings), std::move(router))),
        acceptor_(asio::make_strand(io)) {}

  Result<std::uint16_t> start();
  void stop();

 private:
  asio::awaitable<void> accept();
  asio::awaitable<void> serve(std::shared_ptr<Session> session);
  asio::awaitable<void> refuse(std::shared_ptr<Transport> transport);
  void take_in(tcp::socket socket);
  TlsFiles tls_files() const;
  bool enter(const std::shared_ptr<Session>& session);
  void leave(const std::shared_ptr<Session>& session);
  void each_session(void (Session::*call)());
  bool wait_until_empty(std::chrono::milliseconds within);

  asio::io_context& io_;
  std::shared_ptr<Shared> shared_;
  tcp::acceptor acceptor_;
  std::unique_ptr<RenewedTls> tls_;  ///< after start() on the acceptor's strand only
  std::mutex mutex_;                 ///< guards sessions_ and stopped_
  std::condition_variable empty_;
  std::set<std::shared_ptr<Session>> sessions_;
  bool started_ = false;
  bool stopped_ = false;
};

Result<std::uint16_t> Server::Core::start() {
  const Settings& settings = shared_->settings;
  Code error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) return failed(ErrorCode::misconfigured, "address is not numeric", error);
  if (settings.certificate_file.empty() != settings.key_file.empty()) {
    return failed(ErrorCode::misconfigured, "certificate and key go together", error);
  }
  if (!settings.certificate_file.empty()) {
    auto tls =
        RenewedTls::read(tls_files(), {"http.certificate_renewed", "http.certificate_refused"});
    if (!tls) return tls.error();
    tls_ = std::move(*tls);
  } else if (!address.is_loopback() && !settings.plain_beyond_loopback) {
    return failed(ErrorCode::misconfigured, "plain HTTP only on loopback", error);
  }
  const tcp::endpoint endpoint(address, settings.port);
  if (settings.listening >= 0) {
    acceptor_.assign(endpoint.protocol(), ::dup(settings.listening), error);
  } else {
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) return failed(ErrorCode::unavailable, "cannot listen", error);
  const std::uint16_t port = acceptor_.local_endpoint().port();
  started_ = true;
  asio::co_spawn(
      acceptor_.get_executor(),
      [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->accept(); },
      asio::detached);
  return port;
}

asio::awaitable<void> Server::Core::accept() {
  while (!shared_->stopping) {
    tcp::socket socket(asio::make_strand(io_));
    const auto [error] =
        co_await acceptor_.async_accept(socket, asio::as_tuple(asio::use_awaitable));
    if (shared_->stopping) break;
    if (!error) {
      take_in(std::move(socket));
      continue;
    }
    log(LogLevel::warning, "http.accept_failed", {{"errno", error.value()}});
    asio::steady_timer pause(acceptor_.get_executor(), accept_pause);
    const auto [ignored] = co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(ignored);
  }
}

TlsFiles Server::Core::tls_files() const {
  const auto& settings = shared_->settings;
  return {settings.certificate_file, settings.key_file, settings.client_ca};
}

void Server::Core::take_in(tcp::socket socket) {
  Code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto strand = socket.get_executor();
  auto transport =
      tls_ ? make_tls(std::move(socket), tls_->current()) : make_plain(std::move(socket));
  {
    const std::lock_guard lock(mutex_);
    if (sessions_.size() >= shared_->settings.max_connections) {
      asio::co_spawn(
          strand,
          [self = shared_from_this(), full = std::shared_ptr<Transport>(std::move(transport))]()
              -> asio::awaitable<void> { co_await self->refuse(full); },
          asio::detached);
      return;
    }
  }
  auto session = std::make_shared<Session>(shared_, std::move(transport));
  if (!enter(session)) return;
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
  leave(session);
}

/// Too many connections: says so where that costs nothing.
asio::awaitable<void> Server::Core::refuse(std::shared_ptr<Transport> transport) {
  if (tls_) co_return;
  const std::string bytes = to_wire(shared_->router.error(503), {false, false, system_now()});
  transport->socket().non_blocking(true);
  const Moved moved = co_await transport->write(bytes.data(), bytes.size());
  static_cast<void>(moved);
  co_await transport->finish();
}

bool Server::Core::enter(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return false;
  sessions_.insert(session);
  return true;
}

void Server::Core::leave(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(session);
  if (sessions_.empty()) empty_.notify_all();
}

void Server::Core::each_session(void (Session::*call)()) {
  const std::lock_guard lock(mutex_);
  for (const auto& session : sessions_) {
    asio::post(session->socket().get_executor(), [session, call] { (*session.*call)(); });
  }
}

bool Server::Core::wait_until_empty(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, within, [this] { return sessions_.empty(); });
}

void Server::Core::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
  }
  shared_->stopping = true;
  if (started_) {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      Code ignored;
      self->acceptor_.close(ignored);
    });
  }
  each_session(&Session::wind_down);
  if (!io_.stopped() && !wait_until_empty(shared_->settings.drain)) {
    each_session(&Session::cut);
    if (!wait_until_empty(last_wait)) log(LogLevel::warning, "http.connections_left");
  }
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
