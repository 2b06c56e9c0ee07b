// SPDX-License-Identifier: Apache-2.0
#include "http/transport.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/bio.h>
#include <openssl/x509.h>

#include "base/hash.h"

namespace meridian::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// RFC 2253, UTF-8 as it is.
std::string subject_of(X509& certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  X509_NAME_print_ex(out.get(), X509_get_subject_name(&certificate), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  const char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// Of the SubjectPublicKeyInfo in DER, as `openssl pkey -pubin -outform DER | sha256sum` prints it.
std::string key_hash_of(X509& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  if (size <= 0) return {};
  const auto hash = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return hex(hash);
}

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

  void introduce(Request& request) const override {
    const std::unique_ptr<X509, decltype(&X509_free)> shown(
        SSL_get1_peer_certificate(stream_.native_handle()), &X509_free);
    if (!shown || SSL_get_verify_result(stream_.native_handle()) != X509_V_OK) return;
    request.certificate_subject = subject_of(*shown);
    request.certificate_key = key_hash_of(*shown);
  }

 private:
  // asio gives the handle of a const stream to nobody
  mutable asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Transport> make_plain(tcp::socket socket) {
  return std::make_unique<Plain>(std::move(socket));
}

std::unique_ptr<Transport> make_tls(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<Tls>(std::move(socket), context);
}

namespace {

Error refused(Literal what) {
  return {ErrorCode::misconfigured, "http::make_tls_context", what};
}

/// Clients may show a certificate that one of these authorities signed.
Result<void> ask_for_certificates(SSL_CTX* native, const std::string& client_ca) {
  if (SSL_CTX_load_verify_file(native, client_ca.c_str()) != 1) {
    return refused("client_ca not readable");
  }
  SSL_CTX_set_client_CA_list(native, SSL_load_client_CA_file(client_ca.c_str()));
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // Without it a session that was resumed is refused (SSL_CTX_set_session_id_context(3)).
  constexpr std::string_view name = "meridian";
  SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>(name.data()),
                                 static_cast<unsigned>(name.size()));
  return {};
}

}  // namespace

Result<std::unique_ptr<asio::ssl::context>> make_tls_context(const TlsFiles& files) {
  using Context = asio::ssl::context;
  auto context = std::make_unique<Context>(Context::tls_server);
  Code error;
  context->set_options(Context::default_workarounds | Context::no_compression | Context::no_tlsv1 |
                       Context::no_tlsv1_1);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return refused("TLS options refused");
  }
  context->use_certificate_chain_file(files.certificate, error);
  if (error) return refused("certificate not readable");
  context->use_private_key_file(files.key, Context::pem, error);
  if (error || SSL_CTX_check_private_key(native) != 1) {
    return refused("key not readable or not that of the certificate");
  }
  if (!files.client_ca.empty()) {
    if (auto asked = ask_for_certificates(native, files.client_ca); !asked) return asked.error();
  }
  return context;
}

}  // namespace meridian::http
