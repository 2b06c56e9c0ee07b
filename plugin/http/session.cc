// SPDX-License-Identifier: Apache-2.0
#include "http/session.h"

#include "base/log.h"
#include "base/trace.h"
#include "http/on_thread.h"
#include "http/uri.h"

namespace meridian::http {
namespace {

namespace asio = boost::asio;
using State = RequestParser::State;
using Code = boost::system::error_code;

constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t linger_bytes = 256 * 1024;
constexpr std::chrono::milliseconds linger_time{2'000};
constexpr std::chrono::milliseconds grace{1'000};  // for a read that a soft limit did not end

Response run_handler(const Router& router, const Handler& handler, const Request& request) {
  const TraceScope scope(read_traceparent(request.header("traceparent")));
  try {
    return handler(request);
  } catch (const std::exception&) {
    log(LogLevel::error, "http.handler_threw");
    return router.error(500);
  }
}

std::optional<Response> run_gate(const Router& router, const Gate& gate, Request& request) {
  try {
    return gate(request);
  } catch (const std::exception&) {
    log(LogLevel::error, "http.gate_threw");
    return router.error(500);
  }
}

}  // namespace

Session::Session(std::shared_ptr<Shared> shared, std::unique_ptr<Transport> transport)
    : shared_(std::move(shared)),
      transport_(std::move(transport)),
      timer_(transport_->socket().get_executor()) {
  Code error;
  const auto peer = transport_->socket().remote_endpoint(error);
  if (!error) peer_ = peer.address().to_string();
}

asio::awaitable<void> Session::run() {
  const auto self = shared_from_this();
  arm(shared_->settings.header_timeout, Limit::hard);
  bool go_on = co_await transport_->open();
  while (go_on) go_on = co_await serve_one();
  co_await finish();
  disarm();
  cut();
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
}

/// False when the connection is to end.
asio::awaitable<bool> Session::serve_one() {
  RequestParser parser(shared_->settings.max_header);
  route_ = nullptr;
  const bool received = co_await read_head(parser);
  if (!received) co_return false;
  Router::Match match;
  std::optional<Response> refusal = co_await admit(parser, match);
  if (refusal) {
    const bool whole = parser.state() == State::done;
    co_return co_await answer(parser, std::move(*refusal), whole);
  }
  const bool whole = co_await read_body(parser);
  if (!whole && !late_ && parser.state() != State::failed) co_return false;  // the client left
  if (!whole) {
    const int status = late_ ? 408 : parser.status();
    co_return co_await answer(parser, shared_->router.error(status), false);
  }
  disarm();
  Response response = co_await on_thread<Response>(
      shared_->handlers, [this, &parser, handler = &match.route->handler] {
        return run_handler(shared_->router, *handler, parser.request());
      });
  co_return co_await answer(parser, std::move(response), true);
}

/// False when there is nobody to answer. A head that is late or wrong leaves the parser failed or
/// this session late.
asio::awaitable<bool> Session::read_head(RequestParser& parser) {
  if (buffer_.empty()) {
    const bool more = co_await wait_for_bytes();
    if (!more) co_return false;
  }
  arm(shared_->settings.header_timeout, Limit::soft);
  while (parser.state() == State::head) {
    const bool more = co_await feed(parser);
    if (!more) co_return late_;
  }
  parser.request().peer = peer_;
  parser.request().tls = !shared_->settings.certificate_file.empty();
  transport_->introduce(parser.request());
  co_return true;
}

asio::awaitable<bool> Session::wait_for_bytes() {
  if (shared_->stopping) co_return false;
  arm(shared_->settings.idle_timeout, Limit::hard);
  buffer_.resize(read_size);
  idle_ = true;
  const Moved moved = co_await transport_->read(buffer_.data(), buffer_.size());
  idle_ = false;
  buffer_.resize(moved.bytes);
  co_return !moved.failed;
}

asio::awaitable<bool> Session::read_body(RequestParser& parser) {
  arm(shared_->settings.body_timeout, Limit::soft);
  while (parser.state() == State::body) {
    const bool more = co_await feed(parser);
    if (!more) co_return false;
  }
  co_return parser.state() == State::done;
}

/// Gives the parser what is there, and reads when that was not enough. False when reading ended.
asio::awaitable<bool> Session::feed(RequestParser& parser) {
  const State before = parser.state();
  const std::size_t used = parser.take(buffer_);
  buffer_.erase(0, used);
  if (used > 0 || parser.state() != before) co_return true;
  if (late_) co_return false;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + read_size);
  const Moved moved = co_await transport_->read(buffer_.data() + kept, read_size);
  buffer_.resize(kept + moved.bytes);
  co_return !moved.failed;
}

/// Everything that can be decided by the head alone. A response means refused.
asio::awaitable<std::optional<Response>> Session::admit(RequestParser& parser,
                                                        Router::Match& match) {
  const Router& router = shared_->router;
  if (late_) co_return router.error(408);
  if (parser.state() == State::failed) co_return router.error(parser.status());
  match = router.find(parser.request().method, parser.segments());
  route_ = match.route;
  if (match.route == nullptr) {
    Response response = router.error(match.allow.empty() ? 404 : 405);
    if (!match.allow.empty()) response.headers.push_back({"Allow", match.allow});
    co_return response;
  }
  parser.request().parameters = std::move(match.parameters);
  if (match.route->gate) {
    disarm();
    std::optional<Response> refusal = co_await on_thread<std::optional<Response>>(
        shared_->handlers, [&router, &parser, gate = &match.route->gate] {
          return run_gate(router, *gate, parser.request());
        });
    if (refusal) co_return refusal;
  }
  parser.limit_body(match.route->max_body.value_or(shared_->settings.max_body));
  if (parser.state() == State::failed) co_return router.error(parser.status());
  if (parser.expectation().empty() || parser.state() == State::done) co_return std::nullopt;
  if (!same_token(parser.expectation(), "100-continue")) co_return router.error(417);
  const bool sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
  if (!sent) co_return router.error(408);
  co_return std::nullopt;
}

/// Sends a response; `whole` when the request was read to its end. False when it was the last.
asio::awaitable<bool> Session::answer(RequestParser& parser, Response response, bool whole) {
  unread_ = !whole;
  if (const auto& tell = shared_->settings.on_answer) {
    tell(route_ ? route_->method : "", route_ ? route_->pattern : "", response.status);
  }
  if (const auto& last_hand = shared_->settings.finish) last_hand(response);
  Framing framing;
  framing.head_only = parser.request().method == "HEAD";
  framing.keep_alive = whole && parser.keep_alive() && !shared_->stopping;
  framing.now = system_now();
  const bool sent = co_await write(to_wire(response, framing));
  co_return sent&& framing.keep_alive;
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

/// Closes so that a client which is still sending sees the answer before the reset.
asio::awaitable<void> Session::finish() {
  arm(linger_time, Limit::hard);
  co_await transport_->finish();
  std::size_t dropped = 0;
  buffer_.resize(read_size);
  while (unread_ && dropped < linger_bytes) {
    const Moved moved = co_await transport_->read(buffer_.data(), buffer_.size());
    if (moved.failed) break;
    dropped += moved.bytes;
  }
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
    cut();
    return;
  }
  late_ = true;
  limit_ = Limit::hard;
  cancel_waits();
  timer_.expires_after(grace);
  wait_for_timer();
}

}  // namespace meridian::http
