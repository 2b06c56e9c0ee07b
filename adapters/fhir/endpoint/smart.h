// SPDX-License-Identifier: Apache-2.0
// SMART Backend Services as the server: where clients read how to sign in, and where they do.
// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html and conformance.html.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "http/request.h"
#include "http/response.h"
#include "port/access_tokens.h"
#include "port/desk.h"
#include "port/jwk_set.h"

namespace meridian::fhir {

/// Clients that sign in with a key, by their id.
using ClientKeys = std::map<std::string, JwkSet, std::less<>>;

/// The scopes of `asked` that this endpoint has something for; "" when there is none.
std::string granted(std::string_view asked);

/// True when a scope allows the interaction: c, r, u or s; "" as type for any type.
bool allows(std::string_view scopes, std::string_view type, char interaction);

/// Any thread.
class SmartServer {
 public:
  static constexpr std::chrono::seconds token_life{300};

  SmartServer(Desk& desk, const AccessTokens& tokens, ClientKeys keys, Clock clock)
      : desk_(desk), tokens_(tokens), keys_(std::move(keys)), clock_(std::move(clock)) {}

  /// GET [base]/.well-known/smart-configuration
  static http::Response configuration(std::string_view token_url);
  /// POST of a client_credentials request. Refusals are those of RFC 6749 section 5.2; a jti that
  /// was used before is one, on whichever node that was.
  http::Response token(const http::Request& request, std::string_view token_url) const;

 private:
  Desk& desk_;
  const AccessTokens& tokens_;
  ClientKeys keys_;
  Clock clock_;
};

}  // namespace meridian::fhir
