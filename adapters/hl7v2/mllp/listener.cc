// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/listener.h"

#include <map>
#include <mutex>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/log.h"
#include "hl7v2/mllp/pace.h"
#include "hl7v2/mllp/session.h"
#include "http/acceptor.h"
#include "http/open_sessions.h"

namespace meridian::hl7v2 {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

namespace {

constexpr http::AcceptorWords words = {"mllp",
                                       "plain MLLP only on loopback",
                                       "mllp.accept_failed",
                                       {"mllp.certificate_renewed", "mllp.certificate_refused"}};

}  // namespace

/// Lives as long as a connection or the listener needs it.
class Listener::Core : public std::enable_shared_from_this<Listener::Core> {
 public:
  Core(asio::io_context& io, ListenerSettings settings, Acknowledger acknowledge)
      : io_(io),
        shared_(std::make_shared<Shared>(std::move(settings), std::move(acknowledge))),
        acceptor_(std::make_shared<http::Acceptor>(io, words)) {}

  Result<std::uint16_t> start();
  void stop();

 private:
  /// What is known of one address.
  struct Caller {
    unsigned connections = 0;
    Pace pace;
  };

  asio::awaitable<void> serve(std::shared_ptr<Session> session);
  void take_in(tcp::socket socket);
  bool admit(const std::string& address);
  void leave(const std::shared_ptr<Session>& session);
  std::chrono::steady_clock::duration pace(const std::string& address);

  asio::io_context& io_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<http::Acceptor> acceptor_;
  http::OpenSessions<Session> sessions_;
  std::mutex mutex_;  ///< guards callers_
  std::map<std::string, Caller> callers_;
};

Result<std::uint16_t> Listener::Core::start() {
  const auto& settings = shared_->settings;
  return acceptor_->start(
      {settings.address,
       settings.port,
       settings.listening,
       {settings.certificate_file, settings.key_file, settings.client_ca,
        !settings.client_ca.empty()},
       settings.plain_beyond_loopback},
      [self = shared_from_this()](tcp::socket socket) { self->take_in(std::move(socket)); });
}

void Listener::Core::take_in(tcp::socket socket) {
  Code error;
  const auto address = socket.remote_endpoint(error).address().to_string();
  if (error || !admit(address)) return;  // which closes the socket
  socket.set_option(tcp::no_delay(true), error);
  socket.set_option(asio::socket_base::keep_alive(true), error);  // finds half-open connections
  const auto strand = socket.get_executor();
  auto session = std::make_shared<Session>(shared_, acceptor_->transport(std::move(socket)),
                                           address, [this, address] { return pace(address); });
  if (!sessions_.enter(session)) return;
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
  {
    const std::lock_guard lock(mutex_);
    --callers_.at(session->address()).connections;
  }
  sessions_.leave(session);
}

std::chrono::steady_clock::duration Listener::Core::pace(const std::string& address) {
  const std::lock_guard lock(mutex_);
  return callers_.at(address).pace.take(std::chrono::steady_clock::now());
}

void Listener::Core::stop() {
  if (!sessions_.shut()) return;
  shared_->stopping = true;
  acceptor_->stop();
  if (!sessions_.end(io_, shared_->settings.drain)) log(LogLevel::warning, "mllp.connections_left");
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
