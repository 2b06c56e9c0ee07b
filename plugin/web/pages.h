// SPDX-License-Identifier: Apache-2.0
// The pages of a running Meridian: health, the list of referrals, the acknowledgement of an alert,
// staff forms.
#pragma once

#include "http/router.h"
#include "port/desk.h"

namespace meridian::web {

/// GET /livez, /readyz; GET / (the referrals, without patient data; loopback only until people have
/// accounts), with a form's link where questions wait; GET and POST /alerts/{token} and
/// /forms/{token}. The desk is borrowed.
http::Router routes(Desk& desk);

}  // namespace meridian::web
