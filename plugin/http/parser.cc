// SPDX-License-Identifier: Apache-2.0
#include "http/parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "http/uri.h"

namespace meridian::http {

namespace beast = boost::beast;
using beast::http::field;
using ErrorCode = boost::system::error_code;

/// Fills our Request straight from Beast's callbacks.
class RequestParser::Beast final : public beast::http::basic_parser<true> {
 public:
  explicit Beast(std::size_t max_header) {
    header_limit(static_cast<std::uint32_t>(max_header));
    body_limit(boost::none);
  }

  void fail(int status) {
    state = State::failed;
    failure = status;
  }

  Request request;
  Target target;
  State state = State::head;
  int failure = 0;

 private:
  using View = beast::string_view;

  void on_request_impl(beast::http::verb, View method, View text, int version,
                       ErrorCode& error) override {
    request.method.assign(method.data(), method.size());
    request.target.assign(text.data(), text.size());
    version_ = version;
    auto parsed = http::parse_target(request.target);
    if (!parsed) {
      error = beast::http::error::bad_target;
      return;
    }
    target = std::move(*parsed);
    request.path = target.path;
    request.query = target.query;
  }

  void on_response_impl(int, View, int, ErrorCode& error) override {
    error = beast::http::error::bad_method;
  }

  void on_field_impl(field name, View text, View value, ErrorCode& error) override {
    if (state != State::head) return;  // trailers change nothing
    request.headers.push_back({{text.data(), text.size()}, {value.data(), value.size()}});
    if (name == field::host) ++hosts_;
    if (name == field::content_length && ++lengths_ > 1) {
      error = beast::http::error::multiple_content_length;
    }
    if (name != field::transfer_encoding) return;
    if (version_ < 11) error = beast::http::error::bad_transfer_encoding;
    if (!same_token({value.data(), value.size()}, "chunked")) unknown_coding_ = true;
  }

  void on_header_impl(ErrorCode& error) override {
    if (hosts_ > 1 || (hosts_ == 0 && version_ >= 11)) error = beast::http::error::bad_field;
    if (unknown_coding_) error = beast::http::error::bad_transfer_encoding;
    if (unknown_coding_) failure = 501;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}

  std::size_t on_body_impl(View bytes, ErrorCode&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& error) override {
    return on_body_impl(bytes, error);
  }

  void on_finish_impl(ErrorCode&) override {}

  int version_ = 11;
  int hosts_ = 0;
  int lengths_ = 0;
  bool unknown_coding_ = false;
};

namespace {

int status_of(const ErrorCode& error) {
  if (error == beast::http::error::header_limit) return 431;
  if (error == beast::http::error::body_limit) return 413;
  return 400;
}

}  // namespace

RequestParser::RequestParser(std::size_t max_header)
    : beast_(std::make_unique<Beast>(max_header)) {}

RequestParser::~RequestParser() = default;

std::size_t RequestParser::take(std::string_view bytes) {
  if (bytes.empty() || state() == State::done || state() == State::failed) return 0;
  ErrorCode error;
  const std::size_t used = beast_->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error == beast::http::error::need_more) return used;
  if (error) {
    beast_->fail(beast_->failure != 0 ? beast_->failure : status_of(error));
  } else if (beast_->is_done()) {
    beast_->state = State::done;
  } else if (beast_->is_header_done()) {
    beast_->state = State::body;
  }
  return used;
}

RequestParser::State RequestParser::state() const {
  return beast_->state;
}

int RequestParser::status() const {
  return beast_->failure;
}

void RequestParser::limit_body(std::uint64_t bytes) {
  if (state() != State::body) return;
  const auto announced = beast_->content_length();
  if (announced && *announced > bytes) {
    beast_->fail(413);
  } else {
    beast_->body_limit(bytes);
  }
}

Request& RequestParser::request() {
  return beast_->request;
}

const std::vector<std::string>& RequestParser::segments() const {
  return beast_->target.segments;
}

bool RequestParser::keep_alive() const {
  return beast_->keep_alive();
}

std::string_view RequestParser::expectation() const {
  return beast_->request.header("Expect");
}

}  // namespace meridian::http
