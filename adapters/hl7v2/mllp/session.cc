// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/session.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "http/on_thread.h"

namespace meridian::hl7v2 {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;
using http::Moved;

constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t linger_bytes = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds linger_time{2'000};

/// Nothing when the handler threw: the message is not acknowledged then.
std::optional<std::string> run_handler(const Acknowledger& acknowledge, Frame frame,
                                       const Remote& from) {
  try {
    return acknowledge(std::move(frame), from);
  } catch (const std::exception&) {
    log(LogLevel::error, "mllp.handler_threw");
    return std::nullopt;
  }
}

}  // namespace

Session::Session(std::shared_ptr<Shared> shared, std::unique_ptr<http::Transport> transport,
                 std::string address, Wait pace)
    : shared_(std::move(shared)),
      transport_(std::move(transport)),
      remote_{std::move(address), {}, {}},
      pace_(std::move(pace)),
      timer_(transport_->socket().get_executor()),
      pause_(transport_->socket().get_executor()),
      decoder_(shared_->settings.max_bytes) {}

asio::awaitable<void> Session::run() {
  const auto self = shared_from_this();
  if (shared_->stopping) co_return cut();
  arm(shared_->settings.read_timeout, Limit::hard);
  idle_ = true;
  bool go_on = co_await transport_->open();
  idle_ = false;
  if (go_on) {
    http::Request shown;
    transport_->introduce(shown);
    remote_.certificate_subject = std::move(shown.certificate_subject);
    remote_.certificate_key = std::move(shown.certificate_key);
    buffer_.resize(read_size);
  }
  const bool opened = go_on;
  while (go_on) go_on = co_await serve_one();
  arm(linger_time, Limit::hard);
  co_await transport_->finish();
  if (!opened && !shared_->stopping) co_await linger();
  disarm();
  cut();
}

/// A client in TLS 1.3 sends before it hears that its certificate was refused: closing on bytes
/// that nobody read is a reset, which would take the word away.
asio::awaitable<void> Session::linger() {
  auto& socket = transport_->socket();
  Code ignored;
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  buffer_.resize(read_size);
  for (std::size_t dropped = 0; dropped < linger_bytes;) {
    const auto [error, bytes] =
        co_await socket.async_read_some(asio::buffer(buffer_), asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    dropped += bytes;
  }
}

void Session::wind_down() {
  if (idle_) cancel_waits();
}

/// What waits on the socket ends. One that was closed meanwhile has nothing that waits.
void Session::cancel_waits() {
  Code ignored;
  transport_->socket().cancel(ignored);
}

void Session::cut() {
  Code ignored;
  transport_->socket().close(ignored);
  pause_.cancel();
}

/// False when the connection is to end.
asio::awaitable<bool> Session::serve_one() {
  auto frame = co_await next_frame();
  disarm();
  if (!frame) co_return false;
  co_await keep_pace();
  auto answer = co_await http::on_thread<std::optional<std::string>>(
      shared_->handlers,
      [this, &frame] { return run_handler(shared_->acknowledge, std::move(*frame), remote_); });
  if (!answer) co_return false;
  if (!answer->empty()) {
    auto framed = to_frame(*answer);
    if (!framed) {
      log(LogLevel::error, "mllp.no_acknowledgement", {{"error", framed.error()}});
      co_return false;
    }
    const bool sent = co_await write(std::move(*framed));
    if (!sent) co_return false;
  }
  co_return !ended_ && !shared_->stopping;
}

/// Nothing when the connection has ended, or deserves to.
asio::awaitable<std::optional<Frame>> Session::next_frame() {
  frame_due_.reset();
  while (true) {
    auto frame = decoder_.read(unread_);
    if (frame) co_return frame;
    if (decoder_.junk() > shared_->settings.max_junk) {
      log(LogLevel::warning, "mllp.no_frames", {{"bytes", decoder_.junk()}});
      co_return std::nullopt;
    }
    const bool more = co_await read_more();
    if (more) continue;
    ended_ = !late_;
    co_return decoder_.end();
  }
}

asio::awaitable<bool> Session::read_more() {
  if (!decoder_.inside() && shared_->stopping) co_return false;
  arm_for_read();
  idle_ = !decoder_.inside();
  const Moved moved = co_await transport_->read(buffer_.data(), buffer_.size());
  idle_ = false;
  unread_ = std::string_view(buffer_).substr(0, moved.bytes);
  co_return !moved.failed;
}

/// One limit for the whole frame, so that a byte now and then does not prolong it.
void Session::arm_for_read() {
  if (!decoder_.inside()) return arm(shared_->settings.idle_timeout, Limit::hard);
  const auto now = asio::steady_timer::clock_type::now();
  if (!frame_due_) frame_due_ = now + shared_->settings.read_timeout;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*frame_due_ - now);
  if (!decoder_.at_tail()) return arm(left, Limit::hard);
  arm(std::min(left, shared_->settings.tail_timeout), Limit::soft);
}

asio::awaitable<void> Session::keep_pace() {
  const auto wait = pace_();
  if (wait <= std::chrono::steady_clock::duration::zero()) co_return;
  pause_.expires_after(wait);
  const auto [ignored] = co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(ignored);
}

asio::awaitable<bool> Session::write(std::string bytes) {
  arm(shared_->settings.write_timeout, Limit::hard);
  std::size_t at = 0;
  while (at < bytes.size()) {
    const Moved moved = co_await transport_->write(bytes.data() + at, bytes.size() - at);
    if (moved.failed) co_return false;
    at += moved.bytes;
  }
  co_return true;
}

void Session::arm(std::chrono::milliseconds within, Limit limit) {
  limit_ = limit;
  late_ = false;
  timer_.expires_after(within);
  wait_for_timer();
}

void Session::disarm() {
  timer_.expires_at(asio::steady_timer::time_point::max());
}

void Session::wait_for_timer() {
  timer_.async_wait([self = shared_from_this()](const Code& error) {
    const bool due = self->timer_.expiry() <= asio::steady_timer::clock_type::now();
    if (!error && due) self->expired();
  });
}

void Session::expired() {
  if (limit_ == Limit::hard) {
    log(LogLevel::info, "mllp.timed_out", {{"inside", decoder_.inside()}});
    cut();
    return;
  }
  late_ = true;
  cancel_waits();
}

}  // namespace meridian::hl7v2
