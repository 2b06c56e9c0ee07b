// SPDX-License-Identifier: Apache-2.0
// Percent-encoding, request targets and query strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace meridian::http {

/// True when two header names or tokens are the same without regard to ASCII case.
bool same_token(std::string_view a, std::string_view b);

/// 1 to `longest` visible ASCII characters, as an id in a header is.
bool is_visible(std::string_view text, std::size_t longest);

/// Nothing on a broken escape. `plus_is_space` as in query strings and forms.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Escapes all but the unreserved characters of RFC 3986.
std::string percent_encode(std::string_view text);

/// "a=1&b=2" to fields, in order. Nothing on a broken escape.
std::optional<Fields> parse_query(std::string_view text);

/// A request target in parts.
struct Target {
  std::vector<std::string> segments;  ///< decoded; "/" has none
  std::string path;                   ///< "/" + segments joined by "/"
  Fields query;
};

/// Reads origin-form and absolute-form (RFC 9112 section 3.2). Nothing for other forms, broken
/// escapes, "." and ".." segments, and segments in which a "/" or a control character was escaped.
std::optional<Target> parse_target(std::string_view target);

}  // namespace meridian::http
