// SPDX-License-Identifier: Apache-2.0
// The door for hospital IT's command line: interventions, one at a time.
#pragma once

#include "http/router.h"
#include "port/desk.h"

namespace meridian::web {

/// POST /operate with action, target, clinic, reason, apply ("yes") and by as a form
/// (application/x-www-form-urlencoded). The answer is the desk's JSON; of an error one line of
/// text. `gate` lets only the operator's token in. The desk must outlive the router.
void add_operating(http::Router& router, Desk& desk, http::Gate gate);

}  // namespace meridian::web
