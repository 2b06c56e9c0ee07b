// SPDX-License-Identifier: Apache-2.0
// URLs taken apart, and the question whether one lies within a server's origin and base path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/loopback.h"

namespace meridian::fhir::wire {

/// An absolute http or https URL. Percent-encoding is kept as written.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; IPv6 without brackets; no trailing dot
  std::uint16_t port = 0;
  std::string path;   ///< begins with "/"
  std::string query;  ///< without "?"

  bool secure() const { return scheme == "https"; }
  std::string authority() const;  ///< for the Host header: port only when it is not the default
  std::string target() const;     ///< path and query, as sent in the request line
  std::string text() const;
};

/// Reads an absolute URL. Refuses user information, other schemes, characters that have no place
/// in a URL (space, backslash, control, non-ASCII), an empty host, ports outside 1..65535. A
/// fragment is dropped. Source: RFC 3986.
std::optional<Url> parse_url(std::string_view text);

/// Same scheme, host and port.
bool same_origin(const Url& a, const Url& b);

/// True when `url` may get what was issued for `base`: same origin, and a path that is the base
/// path or goes on after it with "/". A path with a dot segment (also percent-encoded, or with a
/// parameter: "..;x") or an encoded slash or backslash is never within anything.
bool within_base(const Url& base, const Url& url);

/// A link as servers write it: absolute, "//host/path", "/path", "?query" (of `page`), or relative
/// to `base` ("Patient?page=2"). Does not judge where it leads: see within_base.
std::optional<Url> resolve_link(const Url& base, const Url& page, std::string_view link);

/// True for https, for http on loopback, and for http where that is allowed.
inline bool may_connect(const Url& url, bool allow_plain_http) {
  return url.secure() || is_loopback(url.host) || allow_plain_http;
}

/// Percent-encodes all but RFC 3986 unreserved characters, for a query's names and values.
std::string encode_query(std::string_view text);

}  // namespace meridian::fhir::wire
