// SPDX-License-Identifier: Apache-2.0
// Signing in at the site's OpenID provider: what is asked of it, and who it says somebody is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "port/jwt.h"

namespace meridian {

/// One sign-in under way. `state`, `nonce` and `verifier` are random and good for it alone.
struct ProviderAsked {
  std::string state;
  std::string nonce;
  std::string verifier;  ///< RFC 7636 section 4.1
  std::string back;      ///< where the provider sends the browser to
};

/// What came back in the browser.
struct ProviderAnswered {
  std::string code;
  std::string issuer;  ///< RFC 9207; "" where the provider sends none
};

/// Blocking, thread-safe. Errors: unauthorized (what the provider said does not hold), unavailable
/// and other errors of a connection, misconfigured.
class SignInProvider {
 public:
  virtual ~SignInProvider() = default;
  /// Where the browser goes to sign in.
  virtual Result<std::string> address(const ProviderAsked& asked) = 0;
  /// The verified claims of who signed in.
  virtual Result<JwtPart> claims(const ProviderAsked& asked, const ProviderAnswered& answered) = 0;
  /// Where the browser goes to sign out there too, and then to `back`. Errors: unsupported besides.
  virtual Result<std::string> sign_out_address(std::string_view back) = 0;
};

/// People whom the site's provider knows. Implemented by flow; thread-safe, blocking. `once` names
/// the sign-in, and counts once.
/// Errors: unauthorized: nobody is linked to that subject, who is may not sign in, or it was used;
/// forbidden: the provider did not ask for a second factor; not_found: no such invitation; store
/// errors.
class LinkedPeople {
 public:
  virtual ~LinkedPeople() = default;
  /// A new session's secret. Matched by issuer and subject alone, never by mail address.
  virtual Result<std::string> sign_in(const JwtPart& claims, std::string_view once) = 0;
  /// Links whoever was invited by that link, which ends by it; a new session's secret. conflict:
  /// somebody else is linked to that subject.
  virtual Result<std::string> enrol(std::string_view link, const JwtPart& claims,
                                    std::string_view once) = 0;
};

}  // namespace meridian
