// SPDX-License-Identifier: Apache-2.0
// The one-time form on which staff answers the open questions of a referral.
#pragma once

#include "http/router.h"
#include "port/desk.h"
#include "web/link_page.h"

namespace meridian::web {

/// Adds GET and POST /forms/{token}. GET changes nothing: mail scanners follow links. The desk is
/// borrowed.
void add_forms(http::Router& router, Desk& desk, const LinkSpeechPtr& speech);

}  // namespace meridian::web
