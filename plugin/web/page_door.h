// SPDX-License-Identifier: Apache-2.0
// Which people may see a page, and that what they send came from a page of ours.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.h"
#include "port/people.h"

namespace meridian::web {

/// Recognises people by the cookie that signing in set, as Door recognises programs by a token.
///
///     router.add({"GET", "/inbox", list, pages.gate({Role::clinic})});
///     router.add({"POST", "/inbox/{id}/accept", pages.checked(accept),
///     pages.gate({Role::clinic})});
///
/// where every form has `pages.form_field(request, action)` in it, and handlers ask
/// `pages.caller(request)`. Thread-safe.
class PageDoor {
 public:
  /// `secret` signs the tokens of forms. `public_url` says how people reach us, and is asked when a
  /// cookie is set: with https its name begins with __Host- and it is Secure (RFC 6265bis 4.1.3).
  PageDoor(People& people, std::string secret, std::function<std::string()> public_url);

  /// Lets in people who signed in and have one of these roles. Others: a GET is sent to /sign-in
  /// (303), which leads back; everything else gets 403.
  http::Gate gate(std::vector<Role> roles) const;

  /// Who the gate let in; role none when the session ended meanwhile.
  Caller caller(const http::Request& request) const;

  /// What every form that is posted to `action`, a path, needs in it. Empty: the page's own path.
  std::string form_field(const http::Request& request, std::string_view action = {}) const;

  /// Refuses with 403 what did not come from a form of ours that was made for this session and
  /// path (CSRF), or was sent by another site's page.
  http::Handler checked(http::Handler handler) const;

  // For the pages of signing in.
  /// That no other site's page sent it, as far as the browser says (Sec-Fetch-Site, Origin).
  static bool is_own(const http::Request& request);
  /// The secret in the cookie; "" when there is none.
  std::string session(const http::Request& request) const;
  /// The header that keeps a session at the browser; empty secret: that ends it.
  http::Field cookie(const std::string& secret) const;
  /// One more value that a sign-in under way keeps at the browser, for `life`; empty: that ends it.
  http::Field short_cookie(std::string_view what, const std::string& value,
                           std::chrono::seconds life) const;
  std::string kept(const http::Request& request, std::string_view what) const;

 private:
  std::string token(const std::string& session, std::string_view action) const;
  std::string cookie_name() const;

  People& people_;
  std::string secret_;
  std::function<std::string()> public_url_;
};

/// `target` when it is a path of ours that may follow a sign-in, else "/".
std::string next_page(std::string_view target);

}  // namespace meridian::web
