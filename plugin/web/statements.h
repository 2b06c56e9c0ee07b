// SPDX-License-Identifier: Apache-2.0
// The pages on which a named person signs off a hold, or says whose record is meant.
#pragma once

#include "http/router.h"
#include "port/desk.h"
#include "web/link_page.h"

namespace meridian::web {

/// GET and POST /sign-offs/{token} and /patients/{token}. No account: the link is the key.
void add_statements(http::Router& router, Desk& desk, const LinkSpeechPtr& speech);

}  // namespace meridian::web
