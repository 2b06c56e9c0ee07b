// SPDX-License-Identifier: Apache-2.0
// A connection with or without TLS, for whoever speaks a protocol over one.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/result.h"
#include "http/request.h"

namespace meridian::http {

/// What a read or write came to.
struct Moved {
  std::size_t bytes = 0;
  bool failed = false;  ///< closed, cancelled or broken; `bytes` is 0 then
};

/// One connection. All calls on its strand, one at a time.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual boost::asio::awaitable<bool> open() = 0;  ///< TLS handshake; false when it failed
  virtual boost::asio::awaitable<Moved> read(char* to, std::size_t size) = 0;
  virtual boost::asio::awaitable<Moved> write(const char* from, std::size_t size) = 0;
  virtual boost::asio::awaitable<void> finish() = 0;  ///< tells the other end that no more comes
  virtual boost::asio::ip::tcp::socket& socket() = 0;
  /// Notes in the request what the other end showed of itself: a client certificate.
  virtual void introduce(Request&) const {}
  /// True after a failure that is about certificates: of a server we do not trust, or ours, which
  /// the server does not. It has then processed nothing of what was written.
  virtual bool untrusted() const { return false; }
};

std::unique_ptr<Transport> make_plain(boost::asio::ip::tcp::socket socket);
std::unique_ptr<Transport> make_tls(boost::asio::ip::tcp::socket socket,
                                    boost::asio::ssl::context& context);
/// The client's end. The handshake fails unless the certificate is for `host`, a name or address.
std::unique_ptr<Transport> make_tls_client(boost::asio::ip::tcp::socket socket,
                                           boost::asio::ssl::context& context,
                                           const std::string& host);

struct TlsFiles {
  std::string certificate;  ///< PEM chain
  std::string key;          ///< PEM
  std::string client_ca;    ///< PEM; empty: no client certificate is asked for
  /// Without one no handshake: where there are no tokens. Needs client_ca.
  bool client_required = false;
};

/// TLS 1.2 and 1.3, forward secrecy and AEAD only (RFC 9325). A client certificate that the
/// authorities did not sign ends the handshake. Errors: misconfigured.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files);

/// What a client trusts and shows.
struct TlsClientFiles {
  std::string ca;           ///< PEM; empty: the system's authorities
  std::string certificate;  ///< PEM chain; empty: none is shown
  std::string key;          ///< PEM
};

/// The same for a client. Errors: misconfigured.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_client_context(
    const TlsClientFiles& files);

}  // namespace meridian::http
