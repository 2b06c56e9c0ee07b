// SPDX-License-Identifier: Apache-2.0
// Pages on which people make and remove passkeys, and the form that signs in with one.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "http/router.h"
#include "port/passkeys.h"
#include "port/people.h"
#include "web/page_door.h"
#include "web/people_page.h"

namespace meridian::web {

/// Adds GET /passkeys, POST /passkeys/add and /passkeys/remove for whoever signed in, POST
/// /sign-in/passkey, and the script at /passkey.js. All is borrowed.
void add_passkey_pages(http::Router& router, Passkeys& passkeys, People& people,
                       const PageDoor& door, Clock clock = system_now);

/// The form of the sign-in page; hidden where scripts do not run.
std::string passkey_form(const PeoplePage& page, Passkeys& passkeys, std::string_view next);

/// The page with the script that passkeys need, and the policy that lets it run.
http::Response with_passkey_script(http::Response response);

}  // namespace meridian::web
