// SPDX-License-Identifier: Apache-2.0
#include "http/transport.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

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

/// An alert by which the other end refuses our certificate (RFC 8446 section 6.2).
bool refuses_our_certificate(const Code& error) {
  if (error.category() != asio::error::get_ssl_category()) return false;
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value())) - SSL_AD_REASON_OFFSET) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_DECRYPT_ERROR:  // a signature that does not hold
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_CERTIFICATE_REQUIRED:
      return true;
    default:
      return false;
  }
}

class Tls final : public Transport {
 public:
  using Role = asio::ssl::stream_base::handshake_type;

  Tls(tcp::socket socket, asio::ssl::context& context, Role role)
      : stream_(std::move(socket), context), role_(role) {}

  /// The name the other end must have; before open().
  void expect(const std::string& host) {
    SSL* native = stream_.native_handle();
    X509_VERIFY_PARAM* param = SSL_get0_param(native);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1) return;
    ERR_clear_error();  // no address
    X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size());
    SSL_set_tlsext_host_name(native, host.c_str());
  }

  asio::awaitable<bool> open() override {
    const auto [error] = co_await stream_.async_handshake(role_, as_result);
    refused_ = refuses_our_certificate(error);
    co_return !error;
  }

  asio::awaitable<Moved> read(char* to, std::size_t size) override {
    const auto [error, bytes] = co_await stream_.async_read_some(asio::buffer(to, size), as_result);
    refused_ = refuses_our_certificate(error);
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

  bool untrusted() const override {
    return refused_ || SSL_get_verify_result(stream_.native_handle()) != X509_V_OK;
  }

 private:
  // asio gives the handle of a const stream to nobody
  mutable asio::ssl::stream<tcp::socket> stream_;
  Role role_;
  bool refused_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_plain(tcp::socket socket) {
  return std::make_unique<Plain>(std::move(socket));
}

std::unique_ptr<Transport> make_tls(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<Tls>(std::move(socket), context, asio::ssl::stream_base::server);
}

std::unique_ptr<Transport> make_tls_client(tcp::socket socket, asio::ssl::context& context,
                                           const std::string& host) {
  auto made = std::make_unique<Tls>(std::move(socket), context, asio::ssl::stream_base::client);
  made->expect(host);
  return made;
}

namespace {

Error refused(Literal what) {
  return {ErrorCode::misconfigured, "tls", what};
}

/// Clients may show a certificate that one of these authorities signed, or must.
Result<void> ask_for_certificates(SSL_CTX* native, const TlsFiles& files) {
  if (SSL_CTX_load_verify_file(native, files.client_ca.c_str()) != 1) {
    return refused("client_ca not readable");
  }
  SSL_CTX_set_client_CA_list(native, SSL_load_client_CA_file(files.client_ca.c_str()));
  SSL_CTX_set_verify(
      native,
      files.client_required ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_PEER,
      nullptr);
  // Without it a session that was resumed is refused (SSL_CTX_set_session_id_context(3)).
  constexpr std::string_view name = "meridian";
  SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>(name.data()),
                                 static_cast<unsigned>(name.size()));
  return {};
}

/// What both ends hold to.
Result<void> harden(asio::ssl::context& context) {
  using Context = asio::ssl::context;
  context.set_options(Context::default_workarounds | Context::no_compression | Context::no_tlsv1 |
                      Context::no_tlsv1_1);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return refused("TLS options refused");
  }
  return {};
}

Result<void> use(asio::ssl::context& context, const std::string& certificate,
                 const std::string& key) {
  Code error;
  context.use_certificate_chain_file(certificate, error);
  if (error) return refused("certificate not readable");
  context.use_private_key_file(key, asio::ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return refused("key not readable or not that of the certificate");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<asio::ssl::context>> make_tls_context(const TlsFiles& files) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  if (auto done = harden(*context); !done) return done.error();
  if (auto done = use(*context, files.certificate, files.key); !done) return done.error();
  if (!files.client_ca.empty()) {
    auto asked = ask_for_certificates(context->native_handle(), files);
    if (!asked) return asked.error();
  } else if (files.client_required) {
    return refused("client certificates are required, but no client_ca says whose");
  }
  return context;
}

Result<std::unique_ptr<asio::ssl::context>> make_tls_client_context(const TlsClientFiles& files) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  if (auto done = harden(*context); !done) return done.error();
  SSL_CTX* native = context->native_handle();
  if (files.ca.empty() ? SSL_CTX_set_default_verify_paths(native) != 1
                       : SSL_CTX_load_verify_file(native, files.ca.c_str()) != 1) {
    return refused("ca_file not readable");
  }
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  if (files.certificate.empty() && files.key.empty()) return context;
  if (auto done = use(*context, files.certificate, files.key); !done) return done.error();
  return context;
}

}  // namespace meridian::http
