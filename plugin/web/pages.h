// SPDX-License-Identifier: Apache-2.0
// The pages of a running Meridian: health, the list of referrals, the acknowledgement of an alert,
// staff forms.
#pragma once

#include <functional>

#include "http/router.h"
#include "port/desk.h"
#include "web/door.h"
#include "web/link_page.h"
#include "web/operations_look.h"
#include "web/page_door.h"

namespace meridian::web {

/// GET /livez, /readyz; GET / (the referrals, without patient data; for the machine itself,
/// viewers, staff and operators; other browsers are led to /home, to sign in), with a form's link
/// where questions wait; GET and POST
/// /alerts/{token}, /forms/{token} and the others whose link is all that is needed, in the language
/// of the reader. Desk and door are borrowed.
/// `stopping` is asked by /readyz; empty: never.
http::Router routes(Desk& desk, Door& door, std::function<bool()> stopping = {},
                    LinkSpeech speech = {});

/// The roles of people whom the Desk lets see all referrals, without patient data.
std::vector<Role> roles_that_see_all();

/// GET /referrals: the same list for people who signed in. Desk and door are borrowed.
void add_referrals(http::Router& router, Desk& desk, const PageDoor& door,
                   const ToldPtr& told = {});

/// GET /metrics in the text format of Prometheus 0.0.4, for the machine itself and for the roles
/// metrics, viewer and operator.
void add_metrics(http::Router& router, Door& door, std::function<std::string()> text);

}  // namespace meridian::web
