// SPDX-License-Identifier: Apache-2.0
// One connection from its first byte to its close. Only for the files of this folder.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "http/parser.h"
#include "http/router.h"
#include "http/server.h"
#include "http/transport.h"

namespace meridian::http {

/// What all connections of a server share.
struct Shared {
  Shared(Settings s, Router r)
      : settings(std::move(s)), router(std::move(r)), handlers(settings.handler_threads) {}

  const Settings settings;
  const Router router;
  boost::asio::thread_pool handlers;
  std::atomic<bool> stopping{false};
};

/// Reads requests, has them answered and writes the answers. Everything runs on the strand that
/// the transport's socket was made with.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Shared> shared, std::unique_ptr<Transport> transport);

  /// Serves until either end has had enough.
  boost::asio::awaitable<void> run();

  void wind_down();  ///< ends now when it waits for a request, else after the one under way
  void cut();        ///< closes the socket

  boost::asio::ip::tcp::socket& socket() { return transport_->socket(); }

 private:
  void cancel_waits();
  enum class Limit { soft, hard };  ///< soft: reading stops and can be answered; hard: closed

  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> read_head(RequestParser& parser);
  boost::asio::awaitable<bool> read_body(RequestParser& parser);
  boost::asio::awaitable<bool> feed(RequestParser& parser);
  boost::asio::awaitable<bool> wait_for_bytes();
  boost::asio::awaitable<std::optional<Response>> admit(RequestParser& parser,
                                                        Router::Match& match);
  boost::asio::awaitable<bool> answer(RequestParser& parser, Response response, bool whole);
  boost::asio::awaitable<bool> write(std::string bytes);
  boost::asio::awaitable<void> finish();

  void arm(std::chrono::milliseconds within, Limit limit);
  void disarm();
  void wait_for_timer();
  void expired();

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<Transport> transport_;
  boost::asio::steady_timer timer_;
  Limit limit_ = Limit::hard;
  bool late_ = false;    ///< a soft limit has passed
  bool idle_ = false;    ///< waits for the first byte of a request
  bool unread_ = false;  ///< bytes of a refused request may still be on their way
  std::string buffer_;   ///< received and not yet parsed
  std::string peer_;
  const Route* route_ = nullptr;  ///< of the request under way
};

}  // namespace meridian::http
