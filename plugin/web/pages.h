// SPDX-License-Identifier: Apache-2.0
// The pages of a running Meridian: health, the list of referrals, the acknowledgement of an alert,
// staff forms.
#pragma once

#include "http/router.h"
#include "port/desk.h"
#include "web/door.h"

namespace meridian::web {

/// GET /livez, /readyz; GET / (the referrals, without patient data; for the machine itself,
/// viewers, staff and operators), with a form's link where questions wait; GET and POST
/// /alerts/{token} and /forms/{token}, whose link is all that is needed. Desk and door are
/// borrowed.
http::Router routes(Desk& desk, Door& door);

}  // namespace meridian::web
