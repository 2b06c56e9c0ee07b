// SPDX-License-Identifier: Apache-2.0
#include "pager/pager.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/loopback.h"
#include "base/trace.h"

namespace meridian::pager {
namespace {

namespace net = Poco::Net;

net::Context::Ptr tls_context(const std::string& ca_file) {
  net::Context::Params params;
  params.caLocation = ca_file;
  params.loadDefaultCAs = ca_file.empty();
  params.verificationMode = net::Context::VERIFY_STRICT;
  net::Context::Ptr context = new net::Context(net::Context::TLS_CLIENT_USE, params);
  context->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
  context->enableExtendedCertificateVerification(true);
  return context;
}

net::StreamSocket connect(const Poco::URI& uri, const net::SocketAddress& address,
                          const PagerSettings& settings) {
  const Poco::Timespan timeout(settings.timeout.count() * 1000);
  net::StreamSocket socket;
  if (uri.getScheme() == "https") {
    net::SecureStreamSocket secured(tls_context(settings.ca_file));
    secured.setPeerHostName(uri.getHost());
    socket = secured;
  }
  socket.connect(address, timeout);
  socket.setReceiveTimeout(timeout);
  socket.setSendTimeout(timeout);
  return socket;
}

/// To the first of the gateway's addresses that can be reached.
net::StreamSocket connected(const Poco::URI& uri, const std::vector<std::string>& addresses,
                            const PagerSettings& settings) {
  for (std::size_t i = 0;; ++i) {
    try {
      return connect(uri, {net::IPAddress(addresses[i]), uri.getPort()}, settings);
    } catch (const Poco::Exception&) {
      if (i + 1 == addresses.size()) throw;
    }
  }
}

Error refusal(int status) {
  if (status == 429) return {ErrorCode::throttled, "pager", "the gateway is busy", status};
  if (status >= 500) return {ErrorCode::unavailable, "pager", "the gateway failed", status};
  if (status == 401 || status == 403) {
    return {ErrorCode::forbidden, "pager", "the gateway refuses us", status};
  }
  return {ErrorCode::invalid, "pager", "the gateway does not take the alert", status};
}

Result<Receipt> exchange(const net::StreamSocket& socket, const Poco::URI& uri,
                         const Rendered& letter) {
  net::HTTPClientSession session(socket);
  session.setKeepAlive(false);
  net::HTTPRequest request(net::HTTPRequest::HTTP_POST, uri.getPathAndQuery(),
                           net::HTTPMessage::HTTP_1_1);
  request.setHost(uri.getHost(), uri.getPort());
  request.setContentType(letter.media_type);
  request.setContentLength64(static_cast<Poco::Int64>(letter.bytes.size()));
  request.set("Idempotency-Key", letter.key);
  if (const auto trace = next_traceparent(); !trace.empty()) request.set("traceparent", trace);
  session.sendRequest(request).write(letter.bytes.data(),
                                     static_cast<std::streamsize>(letter.bytes.size()));
  net::HTTPResponse response;
  session.receiveResponse(response);  // the body says nothing that we need
  if (response.getStatus() / 100 != 2) return refusal(response.getStatus());
  return Receipt{response.get("Location", ""), "acknowledged", ""};
}

}  // namespace

Result<Rendered> PagerRenderer::render(const Letter& letter, const FieldProfile&) const {
  if (letter.kind != Letter::Kind::alert) {
    return Error{ErrorCode::unsupported, "pager", "a pager takes alerts only"};
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
  const auto member = [&](const char* key, const std::string& value) {
    json.Key(key);
    json.String(value);
  };
  json.StartObject();
  member("format", "meridian.alert/1");
  member("contact", letter.contact);
  member("reason", letter.reason);
  member("order", letter.source_order);
  member("referral", letter.referral_id);
  member("acknowledge", letter.link);
  member("at", to_string(letter.at));
  json.EndObject();
  return Rendered{letter.referral_id + "/alert/" + to_string(letter.at),
                  media_type,
                  {buffer.GetString(), buffer.GetSize()},
                  {}};
}

Result<std::unique_ptr<PagerSender>> PagerSender::create(PagerSettings settings) {
  try {
    const Poco::URI uri(settings.url);
    const bool plain = uri.getScheme() == "http";
    if ((!plain && uri.getScheme() != "https") || uri.getHost().empty()) {
      return Error{ErrorCode::misconfigured, "pager", "the pager's URL must be https://..."};
    }
    if (plain && !is_loopback(uri.getHost())) {
      return Error{ErrorCode::misconfigured, "pager", "plain http is for the loopback only"};
    }
  } catch (const Poco::Exception&) {
    return Error{ErrorCode::misconfigured, "pager", "the pager's URL cannot be read"};
  }
  return std::unique_ptr<PagerSender>(new PagerSender(std::move(settings)));
}

Result<Receipt> PagerSender::send(const Rendered& letter, bool) {
  try {
    const Poco::URI uri(settings_.url);
    const auto addresses = settings_.egress->addresses(uri.getHost(), uri.getPort());
    if (!addresses) return addresses.error();
    return exchange(connected(uri, *addresses, settings_), uri, letter);
  } catch (const Poco::Net::CertificateValidationException&) {
    return Error{ErrorCode::untrusted, "pager", "the gateway's certificate is not valid"};
  } catch (const Poco::Net::ConnectionRefusedException&) {
    return Error{ErrorCode::unavailable, "pager", "nobody listens at the gateway's address"};
  } catch (const Poco::TimeoutException&) {
    return Error{ErrorCode::timed_out, "pager", "the gateway did not answer in time"};
  } catch (const Poco::Exception&) {
    return Error{ErrorCode::interrupted, "pager", "the connection to the gateway broke"};
  }
}

}  // namespace meridian::pager
