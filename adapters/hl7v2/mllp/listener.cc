// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/listener.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "hl7v2/mllp/pace.h"
#include "hl7v2/mllp/session.h"
#include "http/renewed_tls.h"

namespace meridian::hl7v2 {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds accept_pause{100};  // after EMFILE and its like
constexpr std::chrono::milliseconds last_wait{5'000};   // for connections that were cut

Error failed(ErrorCode code, Literal what, const Code& error) {
  return Error{code, "mllp", what, error.value()};
}

}  // namespace

/// Lives as long as a connection or the listener needs it.
class Listener::Core : public std::enable_shared_from_this<Listener::Core> {
 public:
  Core(asio::io_context& io, ListenerSettings settings, Acknowledger acknowledge)
      : io_(io),
        shared_(std::make_shared<Shared>(std::move(settings), std::move(acknowledge))),
        acceptor_(asio::make_strand(io)) {}

  Result<std::uint16_t> start();
  void stop();

 private:
  /// What is known of one address.
  struct Caller {
    unsigned connections = 0;
    Pace pace;
  };

  Result<void> bind();
  asio::awaitable<void> accept();
  asio::awaitable<void> serve(std::shared_ptr<Session> session);
  void take_in(tcp::socket socket);
  bool admit(const std::string& address);
  void leave(const std::shared_ptr<Session>& session);
  std::chrono::steady_clock::duration pace(const std::string& address);
  void each_session(void (Session::*call)());
  bool wait_until_empty(std::chrono::milliseconds within);

  asio::io_context& io_;
  std::shared_ptr<Shared> shared_;
  tcp::acceptor acceptor_;
  std::unique_ptr<http::RenewedTls> tls_;  ///< after start() on the acceptor's strand only
  std::mutex mutex_;                       ///< guards what follows
  std::condition_variable empty_;
  std::set<std::shared_ptr<Session>> sessions_;
  std::map<std::string, Caller> callers_;
  bool started_ = false;
  bool stopped_ = false;
};

Result<void> Listener::Core::bind() {
  const auto& settings = shared_->settings;
  Code error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) return failed(ErrorCode::misconfigured, "address is not numeric", error);
  if (settings.certificate_file.empty() != settings.key_file.empty()) {
    return failed(ErrorCode::misconfigured, "certificate and key go together", error);
  }
  if (!settings.certificate_file.empty()) {
    auto tls = http::RenewedTls::read({settings.certificate_file, settings.key_file,
                                       settings.client_ca, !settings.client_ca.empty()},
                                      {"mllp.certificate_renewed", "mllp.certificate_refused"});
    if (!tls) return tls.error();
    tls_ = std::move(*tls);
  } else if (!settings.client_ca.empty()) {
    return failed(ErrorCode::misconfigured, "client_ca needs certificate and key", error);
  } else if (!address.is_loopback() && !settings.plain_beyond_loopback) {
    return failed(ErrorCode::misconfigured, "plain MLLP only on loopback", error);
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
  return {};
}

Result<std::uint16_t> Listener::Core::start() {
  if (auto bound = bind(); !bound) return bound.error();
  const std::uint16_t port = acceptor_.local_endpoint().port();
  started_ = true;
  asio::co_spawn(
      acceptor_.get_executor(),
      [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->accept(); },
      asio::detached);
  return port;
}

asio::awaitable<void> Listener::Core::accept() {
  while (!shared_->stopping) {
    tcp::socket socket(asio::make_strand(io_));
    const auto [error] =
        co_await acceptor_.async_accept(socket, asio::as_tuple(asio::use_awaitable));
    if (shared_->stopping) break;
    if (!error) {
      take_in(std::move(socket));
      continue;
    }
    log(LogLevel::warning, "mllp.accept_failed", {{"errno", error.value()}});
    asio::steady_timer pause(acceptor_.get_executor(), accept_pause);
    const auto [ignored] = co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(ignored);
  }
}

void Listener::Core::take_in(tcp::socket socket) {
  Code error;
  const auto address = socket.remote_endpoint(error).address().to_string();
  if (error || !admit(address)) return;  // which closes the socket
  socket.set_option(tcp::no_delay(true), error);
  socket.set_option(asio::socket_base::keep_alive(true), error);  // finds half-open connections
  const auto strand = socket.get_executor();
  auto session = std::make_shared<Session>(shared_,
                                           tls_ ? http::make_tls(std::move(socket), tls_->current())
                                                : http::make_plain(std::move(socket)),
                                           address, [this, address] { return pace(address); });
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    sessions_.insert(session);
  }
  asio::co_spawn(
      strand,
      [self = shared_from_this(), session]() -> asio::awaitable<void> {
        co_await self->serve(session);
      },
      asio::detached);
}

/// Counts a connection of that address, unless there are too many.
bool Listener::Core::admit(const std::string& address) {
  const auto& settings = shared_->settings;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(callers_, [now](const auto& caller) {
    return caller.second.connections == 0 && caller.second.pace.rested(now);
  });
  auto& caller =
      callers_.try_emplace(address, Caller{0, Pace(settings.max_per_second)}).first->second;
  if (sessions_.size() < settings.max_connections && caller.connections < settings.max_per_peer) {
    ++caller.connections;
    return true;
  }
  log(LogLevel::warning, "mllp.too_many_connections",
      {{"all", sessions_.size()}, {"of_this_peer", caller.connections}});
  return false;
}

asio::awaitable<void> Listener::Core::serve(std::shared_ptr<Session> session) {
  try {
    co_await session->run();
  } catch (const std::exception&) {
    log(LogLevel::error, "mllp.session_threw");
    session->cut();
  }
  leave(session);
}

void Listener::Core::leave(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  --callers_.at(session->address()).connections;
  sessions_.erase(session);
  if (sessions_.empty()) empty_.notify_all();
}

std::chrono::steady_clock::duration Listener::Core::pace(const std::string& address) {
  const std::lock_guard lock(mutex_);
  return callers_.at(address).pace.take(std::chrono::steady_clock::now());
}

void Listener::Core::each_session(void (Session::*call)()) {
  const std::lock_guard lock(mutex_);
  for (const auto& session : sessions_) {
    asio::post(session->socket().get_executor(), [session, call] { (*session.*call)(); });
  }
}

bool Listener::Core::wait_until_empty(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, within, [this] { return sessions_.empty(); });
}

void Listener::Core::stop() {
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
    if (!wait_until_empty(last_wait)) log(LogLevel::warning, "mllp.connections_left");
  }
  shared_->handlers.join();
}

Listener::Listener(asio::io_context& io, ListenerSettings settings, Acknowledger acknowledge)
    : core_(std::make_shared<Core>(io, std::move(settings), std::move(acknowledge))) {}

Listener::~Listener() {
  core_->stop();
}

Result<std::uint16_t> Listener::start() {
  return core_->start();
}

void Listener::stop() {
  core_->stop();
}

}  // namespace meridian::hl7v2
