// SPDX-License-Identifier: Apache-2.0
#include "http/acceptor.h"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"

namespace meridian::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds accept_pause{100};  // after EMFILE and its like

}  // namespace

Acceptor::Acceptor(asio::io_context& io, AcceptorWords words)
    : io_(io), words_(words), acceptor_(asio::make_strand(io)) {}

Error Acceptor::failed(ErrorCode code, Literal what, int number) const {
  return Error{code, words_.where, what, number};
}

Result<void> Acceptor::prepare_tls(const Place& place, bool is_loopback) {
  const auto& files = place.tls;
  if (files.certificate.empty() != files.key.empty()) {
    return failed(ErrorCode::misconfigured, "certificate and key go together", 0);
  }
  if (!files.certificate.empty()) {
    auto tls = RenewedTls::read(files, words_.renewal);
    if (!tls) return tls.error();
    tls_ = std::move(*tls);
    return {};
  }
  if (!files.client_ca.empty()) {
    return failed(ErrorCode::misconfigured, "client_ca needs certificate and key", 0);
  }
  if (is_loopback || place.plain_beyond_loopback) return {};
  return failed(ErrorCode::misconfigured, words_.refused_plain, 0);
}

Result<std::uint16_t> Acceptor::start(const Place& place, TakeIn take_in) {
  Code error;
  const auto address = asio::ip::make_address(place.address, error);
  if (error) return failed(ErrorCode::misconfigured, "address is not numeric", error.value());
  if (auto ready = prepare_tls(place, address.is_loopback()); !ready) return ready.error();
  const tcp::endpoint endpoint(address, place.port);
  if (place.listening >= 0) {
    acceptor_.assign(endpoint.protocol(), ::dup(place.listening), error);
  } else {
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) return failed(ErrorCode::unavailable, "cannot listen", error.value());
  const std::uint16_t port = acceptor_.local_endpoint().port();
  asio::co_spawn(
      acceptor_.get_executor(),
      [self = shared_from_this(), taking = std::move(take_in)]() -> asio::awaitable<void> {
        co_await self->accept(taking);
      },
      asio::detached);
  return port;
}

asio::awaitable<void> Acceptor::accept(const TakeIn& take_in) {
  while (!stopping_) {
    tcp::socket socket(asio::make_strand(io_));
    const auto [error] =
        co_await acceptor_.async_accept(socket, asio::as_tuple(asio::use_awaitable));
    if (stopping_) break;
    if (!error) {
      take_in(std::move(socket));
      continue;
    }
    log(LogLevel::warning, words_.accept_failed, {{"errno", error.value()}});
    asio::steady_timer pause(acceptor_.get_executor(), accept_pause);
    const auto [ignored] = co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(ignored);
  }
}

std::unique_ptr<Transport> Acceptor::transport(tcp::socket socket) {
  return tls_ ? make_tls(std::move(socket), tls_->current()) : make_plain(std::move(socket));
}

void Acceptor::stop() {
  if (stopping_.exchange(true) || !acceptor_.is_open()) return;
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    Code ignored;
    self->acceptor_.close(ignored);
  });
}

}  // namespace meridian::http
