// SPDX-License-Identifier: Apache-2.0
// The one-time page on which a clinician releases or dismisses the referral to a surgeon that a
// course of acupuncture prepared.
#pragma once

#include "http/router.h"
#include "port/desk.h"
#include "web/link_page.h"

namespace meridian::web {

/// Adds GET and POST /returns/{token}. GET changes nothing: mail scanners follow links. The desk is
/// borrowed.
void add_returns(http::Router& router, Desk& desk, const LinkSpeechPtr& speech);

}  // namespace meridian::web
