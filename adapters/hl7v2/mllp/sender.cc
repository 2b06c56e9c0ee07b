// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/sender.h"

#include <charconv>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "hl7v2/mllp/ack.h"
#include "hl7v2/mllp/frame.h"
#include "http/transport.h"

namespace meridian::hl7v2 {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;
using http::Moved;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::int64_t number_of(const std::string& code) {
  std::int64_t number = 0;
  std::from_chars(code.data(), code.data() + code.size(), number);
  return number;
}

/// Conditions of HL7 table 0357 that the content or the configuration causes, so that sending it
/// again cannot help. Others (206 record locked, 207 application error) may pass.
bool lies_in_the_message(std::int64_t condition) {
  return (condition >= 100 && condition <= 104) || (condition >= 198 && condition <= 205);
}

Error refusal(std::int64_t condition) {
  if (condition >= 200 && condition <= 203) {
    return {ErrorCode::unsupported, "mllp", "the receiver does not take this kind of message",
            condition};
  }
  if (condition == 205) {
    return {ErrorCode::conflict, "mllp", "the receiver has this key already", condition};
  }
  return {ErrorCode::invalid, "mllp", "the receiver refused the message", condition};
}

Result<Receipt> outcome_of(const Acknowledgement& said) {
  const auto condition = number_of(said.error);
  if (said.code == "AA" || said.code == "CA") {
    return Receipt{said.control_id, "acknowledged", said.text};
  }
  if (said.code == "AR" || said.code == "CR" || lies_in_the_message(condition)) {
    return refusal(condition);
  }
  return Error{ErrorCode::unavailable, "mllp", "the receiver asks to send it again", condition};
}

/// True when it answers the message with that MSH-10. Who cannot read a message cannot say which
/// one it refuses; it is ours, for there is no other on this connection.
bool answers(const Acknowledgement& said, const std::string& control_id) {
  if (said.control_id == control_id) return true;
  return said.control_id.empty() && said.code != "AA" && said.code != "CA";
}

}  // namespace

/// The connection, and the little loop that runs while a message is on it.
class MllpSender::Line {
 public:
  Line(SenderSettings settings, std::unique_ptr<asio::ssl::context> tls)
      : settings_(std::move(settings)), tls_(std::move(tls)), deadline_(io_) {}

  const SenderSettings& settings() const { return settings_; }

  Result<Receipt> send(const std::string& framed, const std::string& control_id) {
    if (stopped_) return stopping();
    Result<Receipt> result = unanswered();  // what is true if the exchange throws
    io_.restart();
    asio::co_spawn(io_, exchange(framed, control_id, result), asio::detached);
    io_.run();  // ends when the exchange and its deadline have
    return result;
  }

  Result<void> reach() {
    Result<void> result = nothing_sent();
    io_.restart();
    asio::co_spawn(io_, look(result), asio::detached);
    io_.run();
    return result;
  }

  void stop() {
    stopped_ = true;
    asio::post(io_, [this] { break_off(); });
  }

 private:
  static Error stopping() { return {ErrorCode::stopping, "mllp", "sending was stopped"}; }

  asio::awaitable<void> look(Result<void>& result) {
    result = co_await open();
    deadline_.cancel();
    close();
  }

  asio::awaitable<void> exchange(const std::string& framed, const std::string& control_id,
                                 Result<Receipt>& result) {
    result = co_await deliver(framed, control_id);
    deadline_.cancel();
    if (!result && error_row(result.error().code).retry == RetryClass::ambiguous) close();
  }

  /// A kept connection that turns out to be closed before it took a byte is replaced once.
  asio::awaitable<Result<Receipt>> deliver(const std::string& framed,
                                           const std::string& control_id) {
    for (bool fresh = false;; fresh = true) {
      if (fresh || !is_quiet()) {
        auto opened = co_await open();
        fresh = true;
        if (!opened) co_return opened.error();
      }
      arm(settings_.answer_timeout);
      const std::size_t written = co_await write(framed);
      if (written == framed.size()) co_return co_await answer(control_id);
      const auto failure = written == 0 ? nothing_sent() : unanswered();
      close();
      if (written > 0 || fresh || late_ || stopped_) co_return failure;
    }
  }

  /// Nothing came unasked and the other end has not closed, as far as is known here.
  bool is_quiet() {
    if (!transport_ || !transport_->socket().is_open()) return false;
    auto& socket = transport_->socket();
    Code error;
    char byte = 0;
    socket.non_blocking(true, error);
    if (error) return false;
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
    return error == asio::error::would_block;
  }

  asio::awaitable<Result<void>> open() {
    close();
    arm(settings_.connect_timeout);
    const auto addresses = settings_.egress->addresses(settings_.host, settings_.port);
    if (!addresses && addresses.error().code == ErrorCode::misconfigured) {
      co_return addresses.error();
    }
    if (!addresses || stopped_) co_return nothing_sent();
    std::vector<tcp::endpoint> places;
    for (const auto& address : *addresses) {
      places.emplace_back(asio::ip::make_address(address), settings_.port);
    }
    tcp::socket socket(io_);
    connecting_ = &socket;
    const auto [refused, place] = co_await asio::async_connect(socket, places, as_result);
    connecting_ = nullptr;
    if (refused || late_ || stopped_) co_return nothing_sent();
    Code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    transport_ = tls_ ? http::make_tls_client(std::move(socket), *tls_, settings_.host)
                      : http::make_plain(std::move(socket));
    const bool opened = co_await transport_->open();
    if (opened) co_return Result<void>{};
    const auto failure = transport_->untrusted() ? untrusted() : nothing_sent();
    close();
    co_return failure;
  }

  /// How many bytes went out.
  asio::awaitable<std::size_t> write(const std::string& framed) {
    std::size_t at = 0;
    while (at < framed.size()) {
      const Moved moved = co_await transport_->write(framed.data() + at, framed.size() - at);
      if (moved.failed) break;
      at += moved.bytes;
    }
    co_return at;
  }

  asio::awaitable<Result<Receipt>> answer(const std::string& control_id) {
    FrameDecoder decoder(settings_.max_answer);
    std::string buffer(4096, '\0');
    while (true) {
      const Moved moved = co_await transport_->read(buffer.data(), buffer.size());
      std::string_view bytes = std::string_view(buffer).substr(0, moved.bytes);
      while (const auto frame = next(decoder, bytes)) {
        if (settings_.heard) settings_.heard(frame->bytes);
        const auto said = read_acknowledgement(frame->bytes);
        if (said && answers(*said, control_id)) co_return outcome_of(*said);
      }
      if (!moved.failed) continue;
      if (transport_->untrusted()) {
        close();
        co_return untrusted();
      }
      co_return unanswered();
    }
  }

  /// An acknowledgement holds no 0x1C: one that came without the final 0x0D need not be waited for.
  static std::optional<Frame> next(FrameDecoder& decoder, std::string_view& bytes) {
    auto frame = decoder.read(bytes);
    return frame ? std::move(frame) : decoder.end();
  }

  Error nothing_sent() const {
    if (stopped_) return stopping();
    return {ErrorCode::unavailable, "mllp", "no connection; nothing was sent"};
  }

  Error unanswered() const {
    if (late_) return {ErrorCode::timed_out, "mllp", "sent, and not answered in time"};
    return {ErrorCode::interrupted, "mllp", "sent, and the connection ended without an answer"};
  }

  static Error untrusted() {
    return {ErrorCode::untrusted, "mllp", "a certificate was refused, the receiver's or ours"};
  }

  void arm(std::chrono::milliseconds within) {
    late_ = false;
    deadline_.expires_after(within);
    deadline_.async_wait([this](const Code& error) {
      if (error) return;
      late_ = true;
      break_off();
    });
  }

  /// Whatever is waited for ends with a failure.
  void break_off() {
    Code ignored;
    if (connecting_ != nullptr) connecting_->close(ignored);
    if (transport_) transport_->socket().close(ignored);
  }

  void close() {
    if (!transport_) return;
    Code ignored;
    transport_->socket().close(ignored);
    transport_.reset();
  }

  SenderSettings settings_;
  std::unique_ptr<asio::ssl::context> tls_;
  asio::io_context io_{1};
  asio::steady_timer deadline_;
  tcp::socket* connecting_ = nullptr;
  std::unique_ptr<http::Transport> transport_;
  bool late_ = false;
  std::atomic<bool> stopped_{false};
};

MllpSender::MllpSender(std::unique_ptr<Line> line) : line_(std::move(line)) {}

MllpSender::~MllpSender() = default;

Result<std::unique_ptr<MllpSender>> MllpSender::create(SenderSettings settings) {
  std::unique_ptr<asio::ssl::context> tls;
  if (settings.tls) {
    auto made = http::make_tls_client_context(
        {settings.ca_file, settings.certificate_file, settings.key_file});
    if (!made) return made.error();
    tls = std::move(*made);
  }
  auto line = std::make_unique<Line>(std::move(settings), std::move(tls));
  return std::unique_ptr<MllpSender>(new MllpSender(std::move(line)));
}

Result<void> MllpSender::reach() {
  return line_->reach();
}

Result<Receipt> MllpSender::send(const Rendered& letter, bool) {
  const auto control_id = control_id_of(letter.bytes);
  if (control_id.empty()) {
    return Error{ErrorCode::malformed, "mllp", "a message without MSH-10 cannot be answered"};
  }
  auto framed = to_frame(letter.bytes);
  if (!framed) return framed.error();
  return line_->send(*framed, control_id);
}

bool MllpSender::recognises_repeats() const {
  return line_->settings().recognises_repeats;
}

void MllpSender::stop() {
  line_->stop();
}

}  // namespace meridian::hl7v2
