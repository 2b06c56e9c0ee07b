// SPDX-License-Identifier: Apache-2.0
// The site on one page: what needs a person, flow, systems, funnel, last reconciliation.
#pragma once

#include <string>

#include "port/desk.h"
#include "web/operations_look.h"

namespace meridian::web {

/// HTML below the heading. `may_act`: with links to what a person can do.
std::string board_html(const OperationsPage& page, const SiteView& site, const HealthReport& health,
                       bool may_act);

/// Differs when a number that the page shows did. Digits and dashes.
std::string mark_of(const HealthReport& health);

/// Links to what can be done about one thing; empty: nothing.
std::string acts_html(const OperationsPage& page, std::string_view number, ToDoKind kind);

}  // namespace meridian::web
