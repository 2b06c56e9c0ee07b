// SPDX-License-Identifier: Apache-2.0
#include "http/local_call.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/loopback.h"

namespace meridian::http {
namespace {

constexpr char where[] = "http.local_call";
constexpr std::size_t longest_answer = 64u << 20;

template <typename T, void (*Free)(T*)>
struct Freed {
  void operator()(T* pointer) const { Free(pointer); }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX, SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL, SSL_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;

struct Place {
  bool tls = false;
  std::string host;
  std::string port;
};

std::optional<Place> place_of(std::string_view url) {
  Place place;
  place.tls = url.starts_with("https://");
  if (!place.tls && !url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(place.tls ? 8 : 7);
  const auto colon = url.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  place.host = url.substr(0, colon);
  place.port = url.substr(colon + 1);
  if (place.host.starts_with('[') && place.host.ends_with(']')) {
    place.host = place.host.substr(1, place.host.size() - 2);
  }
  return is_loopback(place.host) ? std::optional(place) : std::nullopt;
}

/// A connected socket, and TLS on it when the server speaks it.
class Line {
 public:
  ~Line() {
    session_.reset();
    if (socket_ >= 0) ::close(socket_);
  }

  Result<void> open(const Place& place, const LocalCall& call) {
    if (auto connected = connect(place, call.patience); !connected) return connected;
    return place.tls ? secure(call.certificate) : Result<void>();
  }

  Result<void> write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto put = session_
                           ? SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) return Error{ErrorCode::interrupted, where, "the request could not be sent"};
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }

  /// All until the server closes.
  Result<std::string> read() {
    std::string answer;
    char piece[16'384];
    while (answer.size() < longest_answer) {
      errno = 0;
      const auto got = session_ ? SSL_read(session_.get(), piece, sizeof piece)
                                : ::recv(socket_, piece, sizeof piece, 0);
      if (got > 0) {
        answer.append(piece, static_cast<std::size_t>(got));
        continue;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        return Error{ErrorCode::timed_out, where, "the runtime did not answer in time"};
      }
      return answer;
    }
    return Error{ErrorCode::too_large, where, "the answer is too long"};
  }

 private:
  Result<void> connect(const Place& place, std::chrono::seconds patience) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0) {
      return Error{ErrorCode::invalid, where, "the runtime's address cannot be read"};
    }
    socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{patience.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const bool connected = ::connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
    ::freeaddrinfo(found);
    if (connected) return {};
    return Error{ErrorCode::unavailable, where, "nobody listens at the runtime's address", errno};
  }

  /// Who has the very certificate of the configuration is the runtime: no authority is asked, and
  /// the name in it is that of the site, not of the loopback.
  Result<void> secure(const std::string& certificate) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    session_.reset(SSL_new(context_.get()));
    SSL_set_fd(session_.get(), socket_);
    if (SSL_connect(session_.get()) != 1) {
      return Error{ErrorCode::untrusted, where, "TLS with the runtime failed"};
    }
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(certificate.c_str(), "r"), &std::fclose);
    const Certificate ours(file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
    const Certificate theirs(SSL_get1_peer_certificate(session_.get()));
    if (ours && theirs && X509_cmp(ours.get(), theirs.get()) == 0) return {};
    return Error{ErrorCode::untrusted, where,
                 "who listens there does not have the certificate of the configuration"};
  }

  int socket_ = -1;
  Context context_;
  Session session_;
};

/// The server closes after it, so what follows the head is the body.
Result<LocalAnswer> answer_of(std::string_view bytes) {
  const Error odd{ErrorCode::interrupted, where, "the runtime's answer was cut off"};
  constexpr std::string_view version = "HTTP/1.1 ";
  const auto end = bytes.find("\r\n\r\n");
  if (!bytes.starts_with(version) || end == std::string_view::npos) return odd;
  LocalAnswer answer;
  std::from_chars(bytes.data() + version.size(), bytes.data() + version.size() + 3, answer.status);
  answer.body = bytes.substr(end + 4);
  return answer;
}

}  // namespace

Result<LocalAnswer> post_local(const LocalCall& call) {
  const auto place = place_of(call.url);
  if (!place)
    return Error{ErrorCode::invalid, where, "the runtime's address is no loopback address"};
  Line line;
  if (auto opened = line.open(*place, call); !opened) return opened.error();
  const std::string head =
      "POST " + call.target + " HTTP/1.1\r\nHost: " + place->host + ":" + place->port +
      "\r\nAuthorization: Bearer " + call.bearer +
      "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
      std::to_string(call.body.size()) + "\r\nConnection: close\r\n\r\n";
  if (auto sent = line.write(head + call.body); !sent) return sent.error();
  const auto bytes = line.read();
  if (!bytes) return bytes.error();
  return answer_of(*bytes);
}

}  // namespace meridian::http
