// SPDX-License-Identifier: Apache-2.0
// Signing in and out, and the page where each person begins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/router.h"
#include "port/passkeys.h"
#include "port/people.h"
#include "web/door.h"
#include "web/page_door.h"

namespace meridian::web {

/// A page that the first one leads to.
struct StartPage {
  std::string path;         ///< "/inbox"
  std::string_view key;     ///< of its name in the catalogue: page.inbox
  std::vector<Role> roles;  ///< who may see it
};

/// What the page offers besides password and code.
struct SignInOffers {
  std::string provider;          ///< what people call the OpenID provider; empty: there is none
  Passkeys* passkeys = nullptr;  ///< borrowed; null: nobody signs in with one
};

/// Adds GET and POST /sign-in, POST /sign-out, and GET /home with those of `pages` that the role of
/// the person may see. People and door are borrowed.
void add_sign_in(http::Router& router, People& people, const PageDoor& door,
                 std::vector<StartPage> pages, SignInOffers offers = {}, Clock clock = system_now);

/// Who tries, as far as it can be known: behind a proxy on this machine, whom that one says.
std::string address_of(const http::Request& request);

/// The button that signs out, for any page behind the door.
std::string sign_out_form(const PageDoor& door, const http::Request& request);

/// Every role that people may have.
std::vector<Role> roles_of_people();

}  // namespace meridian::web
