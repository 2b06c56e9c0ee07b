// SPDX-License-Identifier: Apache-2.0
// A JSON Web Token in compact form, taken apart: by whom it is, for whom, until when.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace meridian {

/// Header or claims of a token. Immutable; any thread.
class JwtPart {
 public:
  /// Nothing when it is no JSON object in base64url, or has a member twice: the second one would be
  /// another reader's truth.
  static std::optional<JwtPart> read(std::string_view base64url);

  bool has(std::string_view name) const;
  /// "" when it is no string.
  std::string text(std::string_view name) const;
  /// True when it is true, and no text.
  bool is_true(std::string_view name) const;
  /// Whole seconds since 1970, up to the year 3000; nothing for anything else.
  std::optional<Instant> time(std::string_view name) const;
  /// True when the member is this string, or a list with it (RFC 7519 section 4.1.3).
  bool names(std::string_view name, std::string_view value) const;
  /// True when the member is this string, or a list with it and nothing else.
  bool names_only(std::string_view name, std::string_view value) const;

 private:
  JwtPart() = default;

  struct Json;
  std::shared_ptr<const Json> json_;
};

/// Nothing of it is to be believed before the signature was checked. Source: RFC 7519, RFC 7515.
struct Jwt {
  JwtPart header;
  JwtPart claims;
  std::string signed_part;
  std::string signature;  ///< decoded

  /// Errors: unauthorized, for what is no token, or longer than 8 kB.
  static Result<Jwt> read(std::string_view compact);
};

}  // namespace meridian
