// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "http/local_call.h"
#include "unit/http/running_server.h"
#include "unit/http/wire.h"

namespace meridian::http {
namespace {

using test::echo_router;
using test::RunningServer;
using test::Wire;

/// A self-signed certificate for localhost and its key in files that vanish with it.
class Certificate {
 public:
  Certificate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "meridian-tls-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    write(certificate_file(), [&](FILE* file) { PEM_write_X509(file, certificate); });
    write(key_file(), [&](FILE* file) {
      PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }

  std::string certificate_file() const { return folder_ + "/certificate.pem"; }
  std::string key_file() const { return folder_ + "/key.pem"; }

  Settings settings() const {
    Settings out;
    out.certificate_file = certificate_file();
    out.key_file = key_file();
    return out;
  }

 private:
  template <typename Put>
  static void write(const std::string& path, Put put) {
    FILE* file = std::fopen(path.c_str(), "w");
    put(file);
    std::fclose(file);
  }

  std::string folder_;
};

constexpr std::string_view whole = "GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

/// What a TLS client of at most `version` gets for one request; "" when there is no handshake.
std::string ask(std::uint16_t port, int version, std::string_view request = whole,
                const Certificate* shown = nullptr) {
  Wire wire(port);
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_max_proto_version(context, version);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_cipher_list(context, "DEFAULT@SECLEVEL=0");
  if (shown != nullptr) {
    SSL_CTX_use_certificate_file(context, shown->certificate_file().c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context, shown->key_file().c_str(), SSL_FILETYPE_PEM);
  }
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, wire.descriptor());
  std::string out;
  if (SSL_connect(ssl) == 1) {
    SSL_write(ssl, request.data(), static_cast<int>(request.size()));
    char bytes[4096];
    int got = 0;
    while ((got = SSL_read(ssl, bytes, sizeof bytes)) > 0) {
      out.append(bytes, static_cast<std::size_t>(got));
    }
    SSL_shutdown(ssl);
  }
  ERR_clear_error();
  SSL_free(ssl);
  SSL_CTX_free(context);
  return out;
}

TEST(Tls, Serves12And13AndNothingOlder) {
  const Certificate certificate;
  RunningServer server(certificate.settings(), echo_router());
  EXPECT_EQ(test::status_of(ask(server.port(), TLS1_3_VERSION)), "200");
  EXPECT_EQ(test::status_of(ask(server.port(), TLS1_2_VERSION)), "200");
  EXPECT_EQ(ask(server.port(), TLS1_1_VERSION), "");
}

TEST(Tls, ClosesOnAClientThatSpeaksPlainHttp) {
  const Certificate certificate;
  RunningServer server(certificate.settings(), echo_router());
  Wire wire(server.port());
  wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(wire.rest().find("HTTP/1.1 200"), std::string::npos);
}

TEST(Tls, GivesUpOnAHandshakeThatDoesNotCome) {
  const Certificate certificate;
  Settings settings = certificate.settings();
  settings.header_timeout = std::chrono::milliseconds(30);
  RunningServer server(settings, echo_router());
  Wire wire(server.port());
  EXPECT_EQ(wire.rest(), "");
}

TEST(Tls, AnswersASlowHeadWith408) {
  const Certificate certificate;
  Settings settings = certificate.settings();
  settings.header_timeout = std::chrono::milliseconds(500);
  RunningServer server(settings, echo_router());
  EXPECT_EQ(test::status_of(ask(server.port(), TLS1_3_VERSION, "GET /ec")), "408");
}

/// Gives back what a client showed of itself.
Router introducing() {
  Router router;
  router.add({"GET", "/echo", [](const Request& request) {
                return make_response(200, "text/plain",
                                     request.certificate_subject + "|" + request.certificate_key);
              }});
  return router;
}

TEST(Tls, KnowsTheSubjectAndTheKeyOfACertificateThatItsAuthoritySigned) {
  const Certificate certificate;
  const Certificate client;
  Settings settings = certificate.settings();
  settings.client_ca = client.certificate_file();
  RunningServer server(settings, introducing());
  const auto known = ask(server.port(), TLS1_3_VERSION, whole, &client);
  EXPECT_EQ(test::status_of(known), "200");
  const auto shown = test::body_of(known);
  EXPECT_EQ(shown.substr(0, 13), "CN=localhost|");
  EXPECT_EQ(shown.size(), 13u + 64u);
  EXPECT_EQ(test::body_of(ask(server.port(), TLS1_3_VERSION)), "|") << "a token may be enough";
}

TEST(Tls, ACertificateOfAnotherAuthorityDoesNotGetIn) {
  const Certificate certificate;
  const Certificate trusted;
  const Certificate stranger;
  Settings settings = certificate.settings();
  settings.client_ca = trusted.certificate_file();
  RunningServer server(settings, introducing());
  EXPECT_EQ(ask(server.port(), TLS1_2_VERSION, whole, &stranger), "");
  EXPECT_EQ(ask(server.port(), TLS1_3_VERSION, whole, &stranger), "");
}

TEST(Tls, RefusesToStartOnAKeyThatIsNotTheCertificates) {
  const Certificate one;
  const Certificate other;
  Settings settings = one.settings();
  settings.key_file = other.key_file();
  boost::asio::io_context io;
  Server server(io, settings, {});
  const auto port = server.start();
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().code, ErrorCode::misconfigured);
  settings.key_file = one.key_file() + ".missing";
  Server second(io, settings, {});
  EXPECT_FALSE(second.start());
}

TEST(LocalCall, TrustsTheConfiguredCertificateAndNoOther) {
  const Certificate ours;
  const Certificate another;
  RunningServer server(ours.settings(), echo_router());
  const auto url = "https://127.0.0.1:" + std::to_string(server.port());
  const auto answer = post_local({url, "/echo", "token", "hello", ours.certificate_file()});
  ASSERT_TRUE(answer) << answer.error().what.view();
  EXPECT_EQ(answer->status, 200);
  EXPECT_NE(answer->body.find("hello"), std::string::npos);
  for (const auto& file : {another.certificate_file(), std::string(), ours.key_file()}) {
    EXPECT_EQ(post_local({url, "/echo", "token", "hello", file}).error().code,
              ErrorCode::untrusted);
  }
}

}  // namespace
}  // namespace meridian::http
