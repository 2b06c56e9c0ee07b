// SPDX-License-Identifier: Apache-2.0
// One connection of a listener from its first byte to its close. Only for the files of this folder.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "hl7v2/mllp/listener.h"
#include "http/transport.h"

namespace meridian::hl7v2 {

/// What all connections of a listener share.
struct Shared {
  Shared(ListenerSettings given, Acknowledger by)
      : settings(std::move(given)),
        acknowledge(std::move(by)),
        handlers(settings.handler_threads) {}

  const ListenerSettings settings;
  const Acknowledger acknowledge;
  boost::asio::thread_pool handlers;
  std::atomic<bool> stopping{false};
};

/// Reads frames, has them acknowledged, writes the acknowledgements. Everything runs on the strand
/// that the transport's socket was made with.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// How long a message that came now is to wait before it is taken.
  using Wait = std::function<std::chrono::steady_clock::duration()>;

  Session(std::shared_ptr<Shared> shared, std::unique_ptr<http::Transport> transport,
          std::string address, Wait pace);

  /// Serves until either end has had enough.
  boost::asio::awaitable<void> run();

  void wind_down();  ///< ends now when it waits for a message, else after the one under way
  void cut();        ///< closes the socket

  boost::asio::ip::tcp::socket& socket() { return transport_->socket(); }
  const std::string& address() const { return remote_.address; }

 private:
  enum class Limit { soft, hard };  ///< soft: reading stops; hard: the socket is closed

  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<std::optional<Frame>> next_frame();
  boost::asio::awaitable<bool> read_more();
  boost::asio::awaitable<void> keep_pace();
  boost::asio::awaitable<bool> write(std::string bytes);
  boost::asio::awaitable<void> linger();

  void arm(std::chrono::milliseconds within, Limit limit);
  void arm_for_read();
  void disarm();
  void wait_for_timer();
  void cancel_waits();
  void expired();

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<http::Transport> transport_;
  Remote remote_;
  Wait pace_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer pause_;
  /// When the frame under way must be there.
  std::optional<std::chrono::steady_clock::time_point> frame_due_;
  Limit limit_ = Limit::hard;
  bool idle_ = false;   ///< waits for a handshake, or the first byte of a frame
  bool late_ = false;   ///< a soft limit has passed
  bool ended_ = false;  ///< the other end sends nothing more
  FrameDecoder decoder_;
  std::string buffer_;
  std::string_view unread_;  ///< of buffer_
};

}  // namespace meridian::hl7v2
