// SPDX-License-Identifier: Apache-2.0
// The page on which whoever is on call acknowledges an emergency alert.
#pragma once

#include "http/router.h"
#include "port/desk.h"
#include "web/link_page.h"

namespace meridian::web {

/// Adds GET and POST /alerts/{token}. GET changes nothing: mail scanners follow links. The desk is
/// borrowed.
void add_alerts(http::Router& router, Desk& desk, const LinkSpeechPtr& speech);

}  // namespace meridian::web
