// SPDX-License-Identifier: Apache-2.0
// An HTTP response as a handler gives it.
#pragma once

#include <string>

#include "base/time.h"
#include "http/request.h"

namespace meridian::http {

/// The server adds Content-Length, Date and Connection; a handler must not.
struct Response {
  int status = 200;
  Fields headers;
  std::string body;
};

/// A response with a Content-Type.
Response make_response(int status, std::string_view media_type, std::string body);

/// "Not Found" for 404; "Unknown" for what RFC 9110 does not name.
std::string_view reason_phrase(int status);

/// "Fri, 20 Nov 2026 10:15:00 GMT". Source: RFC 9110 section 5.6.7.
std::string http_date(Instant at);

/// How a response is put on the wire.
struct Framing {
  bool head_only = false;   ///< an answer to HEAD: the length is told, the body is not sent
  bool keep_alive = false;  ///< else "Connection: close"
  Instant now;              ///< for Date
};

/// The bytes of a response. A header that would break out of its line (CR, LF or NUL in it) turns
/// the whole response into a 500 without a body.
std::string to_wire(const Response& response, const Framing& framing);

}  // namespace meridian::http
