// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/connection.h"

#include <csignal>
#include <ctime>
#include <map>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <vector>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

#include "base/trace.h"
#include "fhir/client/tls_context.h"

namespace meridian::fhir::wire {
namespace {

namespace net = Poco::Net;

constexpr int max_header_fields = 200;

/// What has come from the peer; Poco reports a body cut short by a close as a whole one.
struct Arrivals {
  bool any = false;
  bool closed = false;
};

/// A socket that notes what arrives.
template <typename Base>
class NotingSocket : public Base {
 public:
  template <typename... Args>
  explicit NotingSocket(Arrivals& arrivals, Args&&... args)
      : Base(std::forward<Args>(args)...), arrivals_(arrivals) {}

  int receiveBytes(void* buffer, int length, int flags) override {
    const int received = Base::receiveBytes(buffer, length, flags);
    (received > 0 ? arrivals_.any : arrivals_.closed) = true;
    return received;
  }

  /// Completes the handshake and checks the certificate a second time, by Poco's own means.
  void shake_hands(const std::string& host) {
    if (!is_ip_literal(host)) this->setPeerHostName(host);  // an address is not allowed in SNI
    this->connectSSL();
    if (this->completeHandshake() != 1) throw net::SSLException("handshake not completed");
    this->verifyPeerCertificate(host);
  }

 private:
  Arrivals& arrivals_;
};

using PlainSocket = NotingSocket<net::StreamSocketImpl>;
using TlsSocket = NotingSocket<net::SecureStreamSocketImpl>;

/// Poco's session without its own reconnecting, which sends a request again unasked, and without
/// proxies set elsewhere in the process.
class Session : public net::HTTPClientSession {
 public:
  explicit Session(const net::StreamSocket& socket) : HTTPClientSession(socket) {
    setKeepAlive(true);
    setProxyConfig({});
  }
  net::StreamSocket& stream() { return socket(); }

 protected:
  int write(const char* buffer, std::streamsize length) override {
    // Past HTTPClientSession on purpose: its write reconnects and sends again.
    return HTTPSession::write(buffer, length);  // NOLINT(bugprone-parent-virtual-call)
  }
  bool mustReconnect() const override { return false; }
};

/// Keeps SIGPIPE from this thread while it writes: OpenSSL cannot, and hosts may not ignore it.
class PipeSignalBlock {
 public:
  PipeSignalBlock() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalBlock() {
    const timespec now{0, 0};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalBlock(const PipeSignalBlock&) = delete;
  PipeSignalBlock& operator=(const PipeSignalBlock&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_;
};

Error unavailable(Literal what) {
  return Error{ErrorCode::unavailable, "fhir connection", what};
}

Poco::Timespan timespan(std::chrono::milliseconds time) {
  return Poco::Timespan(time.count() * 1000);
}

std::chrono::milliseconds left(SteadyTime deadline) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(deadline -
                                                               std::chrono::steady_clock::now());
}

std::string lower_case(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

struct Connection::Parts {
  Arrivals arrivals;  // outlives the session, whose socket refers to it
  std::unique_ptr<Session> session;
  SocketWatch* watch = nullptr;
  bool keep = true;

  void send(const HttpRequest& request);
  Result<HttpAnswer> receive(std::size_t max_body);
  Result<std::string> receive_body(std::istream& stream, const net::HTTPResponse& response,
                                   std::size_t max_body);
};

void Connection::Parts::send(const HttpRequest& request) {
  net::HTTPRequest head(request.method, request.url.target(), net::HTTPMessage::HTTP_1_1);
  head.set("Host", request.url.authority());
  for (const auto& [name, value] : request.headers) head.set(name, value);
  if (const auto trace = next_traceparent(); !trace.empty()) head.set("traceparent", trace);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    head.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  }
  auto& stream = session->sendRequest(head);
  stream.write(request.body.data(), static_cast<std::streamsize>(request.body.size()));
  const bool taken = stream.good();
  session->flushRequest();
  if (!taken) throw net::NetException("request not sent");
}

Result<std::string> Connection::Parts::receive_body(std::istream& stream,
                                                    const net::HTTPResponse& response,
                                                    std::size_t max_body) {
  const Error too_large{ErrorCode::too_large, "fhir connection", "the answer is too large"};
  const bool counted = response.hasContentLength() && !response.getChunkedTransferEncoding();
  const auto length = counted ? static_cast<std::uint64_t>(response.getContentLength64()) : 0;
  if (length > max_body) return too_large;
  std::string body;
  body.reserve(length);
  auto& buffer = *stream.rdbuf();
  // What is there is taken at once; reading a fixed amount would wait for it.
  while (buffer.sgetc() != std::char_traits<char>::eof()) {
    const auto there = static_cast<std::size_t>(buffer.in_avail());
    if (body.size() + there > max_body) return too_large;
    const auto at = body.size();
    body.resize(at + there);
    buffer.sgetn(body.data() + at, static_cast<std::streamsize>(there));
  }
  const auto status = response.getStatus();
  const bool empty = status == net::HTTPResponse::HTTP_NO_CONTENT ||
                     status == net::HTTPResponse::HTTP_NOT_MODIFIED;
  const bool cut = counted ? body.size() != length && !empty
                           : response.getChunkedTransferEncoding() && arrivals.closed;
  if (cut) return Error{ErrorCode::interrupted, "fhir connection", "the answer was cut short"};
  keep = response.getKeepAlive() && !arrivals.closed;
  return body;
}

Result<HttpAnswer> Connection::Parts::receive(std::size_t max_body) {
  net::HTTPResponse response;
  response.setFieldLimit(max_header_fields);
  auto& stream = session->receiveResponse(response);
  if (arrivals.closed) {  // Poco takes a head that ends in the middle for a whole one
    return Error{ErrorCode::interrupted, "fhir connection", "the answer was cut short"};
  }
  auto body = receive_body(stream, response, max_body);
  if (!body) return body.error();
  HttpAnswer answer;
  answer.status = static_cast<int>(response.getStatus());
  for (const auto& [name, value] : response) answer.headers.emplace_back(lower_case(name), value);
  answer.body = std::move(*body);
  return answer;
}

Connection::Connection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Connection::~Connection() {
  const PipeSignalBlock block;  // closing TLS writes
  parts_.reset();
}

Result<HttpAnswer> Connection::exchange(const HttpRequest& request, SteadyTime deadline,
                                        std::size_t max_body) {
  const PipeSignalBlock block;
  const SocketWatch::Guard guard(*parts_->watch, parts_->session->stream().impl()->sockfd(),
                                 deadline);
  parts_->arrivals = {};
  parts_->keep = false;
  bool sent = false;
  const auto lost = [&](ErrorCode code, Literal what) {
    if (guard.ended() && parts_->watch->stopped()) {
      return Error{ErrorCode::interrupted, "fhir connection", "stopped while waiting"};
    }
    if (guard.ended()) return Error{ErrorCode::timed_out, "fhir connection", "no answer in time"};
    if (!sent) return unavailable("the connection broke before the request was sent");
    return Error{code, "fhir connection", what};
  };
  try {
    parts_->send(request);
    sent = true;
    auto answer = parts_->receive(max_body);
    if (!answer) return lost(answer.error().code, answer.error().what);
    return answer;
  } catch (const net::MessageException&) {
    if (!parts_->arrivals.any) return lost(ErrorCode::interrupted, "closed before the answer");
    return lost(ErrorCode::malformed, "the answer is not HTTP");
  } catch (const Poco::TimeoutException&) {
    return lost(ErrorCode::timed_out, "no answer in time");
  } catch (const std::exception&) {
    return lost(ErrorCode::interrupted, "the connection broke before the answer was there");
  }
}

bool Connection::answer_begun() const {
  return parts_->arrivals.any;
}

bool Connection::reusable() const {
  if (!parts_->keep) return false;
  // Not Poco's poll, which makes and closes an epoll descriptor for each look.
  pollfd socket{parts_->session->stream().impl()->sockfd(), POLLIN, 0};
  return ::poll(&socket, 1, 0) == 0;  // nothing to read: neither the end nor what nobody asked for
}

struct Connector::Parts {
  TlsFiles files;
  SocketWatch* watch = nullptr;
  std::shared_ptr<const Egress> egress;
  std::mutex mutex;
  std::map<std::string, net::Context::Ptr> contexts;  // by host, whose name each checks

  Result<net::Context::Ptr> context(const std::string& host);
  Result<net::StreamSocket> connect(Arrivals& arrivals, const net::SocketAddress& address,
                                    std::chrono::milliseconds timeout);
  Result<net::StreamSocket> secure(Arrivals& arrivals, const net::StreamSocket& plain,
                                   const std::string& host, std::chrono::milliseconds timeout);
};

Result<net::Context::Ptr> Connector::Parts::context(const std::string& host) {
  const std::scoped_lock lock(mutex);
  const auto found = contexts.find(host);
  if (found != contexts.end()) return found->second;
  auto made = make_tls_context(files, host);
  if (made) contexts.emplace(host, *made);
  return made;
}

Result<net::StreamSocket> Connector::Parts::connect(Arrivals& arrivals,
                                                    const net::SocketAddress& address,
                                                    std::chrono::milliseconds timeout) {
  try {
    net::StreamSocket socket(new PlainSocket(arrivals));
    socket.connect(address, timespan(timeout));
    socket.setNoDelay(true);
    return socket;
  } catch (const Poco::TimeoutException&) {
    return unavailable("no connection in time");
  } catch (const net::ConnectionRefusedException&) {
    return unavailable("the connection was refused");
  } catch (const Poco::Exception&) {
    return unavailable("no connection");
  }
}

Result<net::StreamSocket> Connector::Parts::secure(Arrivals& arrivals,
                                                   const net::StreamSocket& plain,
                                                   const std::string& host,
                                                   std::chrono::milliseconds timeout) {
  auto tls = context(host);
  if (!tls) return tls.error();
  const PipeSignalBlock block;
  const SocketWatch::Guard guard(*watch, plain.impl()->sockfd(),
                                 std::chrono::steady_clock::now() + timeout);
  clear_verification();
  try {
    auto* impl = new TlsSocket(arrivals, static_cast<net::StreamSocketImpl*>(plain.impl()), *tls);
    net::StreamSocket socket(impl);  // owns it from here
    impl->shake_hands(host);
    return socket;
  } catch (const net::CertificateValidationException&) {
    return untrusted_peer(verification_failure());
  } catch (const std::exception&) {
    if (verification_failure() != 0) return untrusted_peer(verification_failure());
    if (guard.ended()) return unavailable("no TLS handshake in time");
    return unavailable("the TLS handshake failed");
  }
}

Connector::Connector(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Connector::~Connector() = default;

Result<std::unique_ptr<Connector>> Connector::create(TlsFiles files, SocketWatch& watch,
                                                     std::shared_ptr<const Egress> egress) {
  const bool named = !(files.ca + files.client_certificate + files.client_key).empty();
  if (named) {  // what is wrong with them is said now, not at the first request
    const auto usable = make_tls_context(files, {});
    if (!usable) return usable.error();
  }
  auto parts = std::make_unique<Parts>();
  parts->files = std::move(files);
  parts->watch = &watch;
  parts->egress = std::move(egress);
  return std::unique_ptr<Connector>(new Connector(std::move(parts)));
}

Result<std::unique_ptr<Connection>> Connector::open(const Url& url, SteadyTime deadline,
                                                    std::chrono::milliseconds timeout) {
  const auto addresses = parts_->egress->addresses(url.host, url.port);
  if (!addresses) return addresses.error();
  Error last = unavailable("no connection in time");
  for (const auto& address : *addresses) {
    const auto time = std::min(timeout, left(deadline));
    if (time.count() <= 0) break;
    auto parts = std::make_unique<Connection::Parts>();
    parts->watch = parts_->watch;
    auto socket = parts_->connect(parts->arrivals, {net::IPAddress(address), url.port}, time);
    if (!socket) {
      last = socket.error();
      continue;
    }
    if (url.secure()) socket = parts_->secure(parts->arrivals, *socket, url.host, time);
    if (!socket) return socket.error();
    parts->session = std::make_unique<Session>(*socket);
    return std::unique_ptr<Connection>(new Connection(std::move(parts)));
  }
  return last;
}

}  // namespace meridian::fhir::wire
