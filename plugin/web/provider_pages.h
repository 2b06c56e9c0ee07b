// SPDX-License-Identifier: Apache-2.0
// Signing in at the site's OpenID provider: to it and back.
#pragma once

#include <functional>
#include <string>

#include "base/time.h"
#include "http/router.h"
#include "port/people.h"
#include "port/sign_in_provider.h"
#include "web/page_door.h"

namespace meridian::web {

/// What the pages need; all borrowed but the last.
struct ProviderPages {
  SignInProvider& provider;
  LinkedPeople& linked;
  People& people;
  const PageDoor& door;
  std::string secret;                       ///< seals what the browser keeps meanwhile
  std::function<std::string()> public_url;  ///< "https://meridian.example"
  Clock clock = system_now;
};

/// Adds GET /sign-in/provider, which leads there, GET /sign-in/provider/back, where people come
/// back to, and GET /sign-out/provider. What was begun is in a sealed cookie of this browser, and
/// good for a quarter of an hour and once. With ?invitation=LINK whoever was invited is linked.
void add_provider_pages(http::Router& router, ProviderPages parts);

}  // namespace meridian::web
