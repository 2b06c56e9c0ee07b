// SPDX-License-Identifier: Apache-2.0
#include "http/transport.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace meridian::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

class Plain final : public Transport {
 public:
  explicit Plain(tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<bool> open() override { co_return true; }

  asio::awaitable<Moved> read(char* to, std::size_t size) override {
    const auto [error, bytes] = co_await socket_.async_read_some(asio::buffer(to, size), as_result);
    co_return Moved{error ? 0 : bytes, bool(error)};
  }

  asio::awaitable<Moved> write(const char* from, std::size_t size) override {
    const auto [error, bytes] =
        co_await socket_.async_write_some(asio::buffer(from, size), as_result);
    co_return Moved{error ? 0 : bytes, bool(error)};
  }

  asio::awaitable<void> finish() override {
    Code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }

  tcp::socket& socket() override { return socket_; }

 private:
  tcp::socket socket_;
};

class Tls final : public Transport {
 public:
  Tls(tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  asio::awaitable<bool> open() override {
    const auto [error] =
        co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
    co_return !error;
  }

  asio::awaitable<Moved> read(char* to, std::size_t size) override {
    const auto [error, bytes] = co_await stream_.async_read_some(asio::buffer(to, size), as_result);
    co_return Moved{error ? 0 : bytes, bool(error)};
  }

  asio::awaitable<Moved> write(const char* from, std::size_t size) override {
    const auto [error, bytes] =
        co_await stream_.async_write_some(asio::buffer(from, size), as_result);
    co_return Moved{error ? 0 : bytes, bool(error)};
  }

  asio::awaitable<void> finish() override {
    const auto [error] = co_await stream_.async_shutdown(as_result);
    static_cast<void>(error);  // many clients close without a word
  }

  tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Transport> make_plain(tcp::socket socket) {
  return std::make_unique<Plain>(std::move(socket));
}

std::unique_ptr<Transport> make_tls(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<Tls>(std::move(socket), context);
}

Result<std::unique_ptr<asio::ssl::context>> make_tls_context(const std::string& certificate_file,
                                                             const std::string& key_file) {
  using Context = asio::ssl::context;
  auto context = std::make_unique<Context>(Context::tls_server);
  Code error;
  context->set_options(Context::default_workarounds | Context::no_compression | Context::no_tlsv1 |
                       Context::no_tlsv1_1);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return Error{ErrorCode::misconfigured, "http::make_tls_context", "TLS options refused"};
  }
  context->use_certificate_chain_file(certificate_file, error);
  if (error) {
    return Error{ErrorCode::misconfigured, "http::make_tls_context", "certificate not readable"};
  }
  context->use_private_key_file(key_file, Context::pem, error);
  if (error || SSL_CTX_check_private_key(native) != 1) {
    return Error{ErrorCode::misconfigured, "http::make_tls_context",
                 "key not readable or not that of the certificate"};
  }
  return context;
}

}  // namespace meridian::http
